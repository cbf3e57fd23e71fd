"""Who holds which role in a unit or an agency, by pseudonym: to invite, to withdraw an invitation,
to end a role; and to give up one of one's own. What there is to choose is offered when the form
begins."""

from flows.engine.conversation import Conversation
from flows.engine.form import SKIPPED, Choice, Form, Line
from flows.office.steps import Steps, chosen, form_of

LISTED = "listed"  # in `offered`: everybody who holds a role here, also who may not be ended
SHOWN = 5  # of them
FUNCTION = 40  # characters: a person's function stands beside their code, on buttons too
LAST = "last"  # in a row: nobody else heads the unit


def _listed(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    rows = conversation.offered.get(LISTED, [])
    shown = [Line(row["key"], row) for row in rows[:SHOWN]]
    if len(rows) > SHOWN:
        shown.append(Line("roles.more", {"count": len(rows) - SHOWN}))
    return (Line("roles.title" if shown else "roles.nobody", conversation.about), *shown)


def _holder(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    chosen = conversation.answers["holder"]
    return tuple(
        Line(row["key"], row) for row in conversation.offered["holder"] if row["id"] == chosen
    )


step = Steps("roles")
_INVITE, _END = chosen("do", "invite"), chosen("do", "end")

ROLES_FORM = form_of(
    "roles",
    step("do", offers=True, body=_listed, title=None),
    step("role", offers=True, when=(_INVITE,), title=None),
    step("function", Choice(SKIPPED, Line("skip")), writes=FUNCTION, when=(_INVITE,)),
    step("invitation", offers=True, when=(chosen("do", "withdraw"),), title=None),
    step("holder", offers=True, when=(_END,), title=None),
    step(
        "sure",
        "yes",
        Choice("kept", Line("roles.sure.no"), "close"),
        when=(_END,),
        body=_holder,
        revisable=False,
    ),
)


def _given_up(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    chosen = conversation.answers["role"]
    (row,) = (row for row in conversation.offered["role"] if row["id"] == chosen)
    last = (Line("leave.last"),) if LAST in row else ()
    return (Line("leave.role", {"role": Line(row["key"], row)}), *last)


leave = Steps("leave")

LEAVE_FORM = form_of(
    "leave",
    leave("role", text=Line("leave"), offers=True, revisable=False),
    leave(
        "sure",
        Choice("yes", Line("leave.yes")),
        Choice("kept", Line("leave.no"), "close"),
        body=_given_up,
        revisable=False,
    ),
)
