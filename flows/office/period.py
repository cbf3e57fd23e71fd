"""The periods of a unit: /periode. What runs and what has ended is shown; the users of a period are
written, and one that has ended is closed for good, after a look at what its sheet will show."""

from flows.asides import ASIDES
from flows.engine.confirm import DISCARD, confirm_step
from flows.engine.conversation import Conversation
from flows.engine.events import write_answers
from flows.engine.form import Choice, Form, Line, Step, When, counted_answers, literal
from flows.engine.input_parsing import text_of
from flows.engine.screen import quoted
from flows.office.unit import DIGITS, no_number

USERS = "users"
SHOWN, SHEET = "shown", "sheet"  # in `about`: the periods, and the sheet to come, in words


def users_key(period: str) -> str:
    """In `about`: the users of a period, as they were shown."""
    return f"users_{period}"


def _shown(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    return (literal(conversation.about.get(SHOWN, "–")),)


def _sheet(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    return (literal(conversation.about.get(SHEET, "–")),)


def _difference(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    answers, about = counted_answers(form, conversation), conversation.about
    period = str(answers["period"])
    said: dict[str, str | Line] = {
        "unit": about.get("unit_name", "–"),
        "field": Line("unit.users.of", {"period": period}),
        "before": about.get(users_key(period), "–"),
        "after": quoted(text_of(answers[USERS])),
    }
    return (Line("unit.preview", said),)


_USERS = When("do", frozenset({USERS}))
_CLOSE = When("do", frozenset({USERS}), wanted=False)

PERIOD = Form(
    "period",
    (
        Step(
            "do",
            Line("period.do"),
            offers=True,
            look="period_do",
            title=Line("period.do.title"),
            body=_shown,
            resets=True,
        ),
        Step(
            "period",
            Line("unit.period"),
            offers=True,
            when=(_USERS,),
            title=Line("unit.period.title"),
        ),
        Step(
            USERS,
            Line("unit.users"),
            writes=DIGITS + 4,
            when=(_USERS,),
            check=no_number,
            look="period_users",
            title=Line("unit.users.title"),
        ),
        confirm_step(_difference, _USERS),
        Step(
            "publish",
            Line("period.publish"),
            (Choice("publish", Line("period.publish.publish")), DISCARD),
            when=(_CLOSE,),
            body=_sheet,
            revisable=False,
        ),
        *ASIDES,
    ),
    write_answers,
)
