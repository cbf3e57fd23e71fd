"""Who holds which role in a unit or an agency, by pseudonym: to invite, to withdraw an invitation,
to end a role; and to give up one of one's own. What there is to choose is offered when the form
begins."""

from flows.asides import ASIDES
from flows.engine.conversation import Conversation
from flows.engine.events import write_answers
from flows.engine.form import SKIPPED, Choice, Form, Line, Step, When

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


def _only(done: str) -> tuple[When, ...]:
    return (When("do", frozenset({done})),)


ROLES_FORM = Form(
    "roles",
    (
        Step("do", Line("roles.do"), offers=True, body=_listed),
        Step("role", Line("roles.role"), offers=True, when=_only("invite")),
        Step(
            "function",
            Line("roles.function"),
            (Choice(SKIPPED, Line("skip")),),
            writes=FUNCTION,
            when=_only("invite"),
            title=Line("roles.function.title"),
        ),
        Step("invitation", Line("roles.invitation"), offers=True, when=_only("withdraw")),
        Step("holder", Line("roles.holder"), offers=True, when=_only("end")),
        Step(
            "sure",
            Line("roles.sure"),
            (Choice("yes", Line("roles.sure.yes")), Choice("kept", Line("roles.sure.no"), "close")),
            when=_only("end"),
            body=_holder,
            revisable=False,
        ),
        *ASIDES,
    ),
    write_answers,
)


def _given_up(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    chosen = conversation.answers["role"]
    (row,) = (row for row in conversation.offered["role"] if row["id"] == chosen)
    last = (Line("leave.last"),) if LAST in row else ()
    return (Line("leave.role", {"role": Line(row["key"], row)}), *last)


LEAVE_FORM = Form(
    "leave",
    (
        Step("role", Line("leave"), offers=True, revisable=False),
        Step(
            "sure",
            Line("leave.sure"),
            (Choice("yes", Line("leave.yes")), Choice("kept", Line("leave.no"), "close")),
            body=_given_up,
            revisable=False,
        ),
        *ASIDES,
    ),
    write_answers,
)
