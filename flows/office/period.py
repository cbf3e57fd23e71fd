"""The periods of a unit: /periode. What runs and what has ended is shown; the users of a period are
written, and one that has ended is closed for good, after a look at what its sheet will show."""

from flows.engine.confirm import DISCARD, confirm_step
from flows.engine.conversation import Conversation
from flows.engine.form import Form, Line, counted_answers, literal
from flows.engine.input_parsing import text_of
from flows.engine.screen import quoted
from flows.office.steps import Steps, chosen, form_of, not_chosen
from flows.office.unit import DIGITS, no_number
from flows.office.unit import step as unit_step

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


step = Steps("period")

PERIOD = form_of(
    "period",
    step("do", offers=True, look="period_do", body=_shown, resets=True),
    unit_step("period", offers=True, when=(chosen("do", USERS),)),
    unit_step(
        USERS, writes=DIGITS + 4, when=(chosen("do", USERS),), check=no_number, look="period_users"
    ),
    confirm_step(_difference, chosen("do", USERS)),
    step(
        "publish",
        "publish",
        DISCARD,
        when=(not_chosen("do", USERS),),
        body=_sheet,
        revisable=False,
    ),
)
