"""An admin changes a unit, or many by a table: /unit.

One unit: opening hours, time zone, the users of a period, a service more or one fewer, days without
a survey. Many: a table as `skm import units` takes it, whole or refused with its faults named.
"""

from flows.engine.confirm import apply_step, confirm_step
from flows.engine.conversation import Answers, Conversation
from flows.engine.form import Choice, Form, Line, When, counted_answers, literal
from flows.engine.screen import answer_line, quoted
from flows.office.steps import Steps, chosen, form_of
from flows.written_day import WRITTEN, as_said

ZONES = ("WIB", "WITA", "WIT")
FIELDS = ("hours", "zone", "users", "add", "retire", "survey")
HOURS, SERVICE, DIGITS = 120, 72, 9  # characters
OPEN, CLOSED, UNKNOWN = "open", "closed", "unknown"


def number_of(text: str) -> int | None:
    """Of "5.000", "5 000" or "5000"; None where it is no whole number above 0."""
    plain = text.replace(".", "").replace(" ", "")
    fits = plain.isascii() and plain.isdigit() and len(plain) <= DIGITS
    return int(plain) or None if fits else None


def no_number(text: str) -> Line | None:
    """For `flows.engine.form.Step.check`."""
    return None if number_of(text) else Line("unit.users.unfit", {"text": quoted(text)})


def _present(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    keys = ("unit_name", "hours", "zone", "users", "survey")
    return (Line("unit.present", {key: conversation.about.get(key, "–") for key in keys}),)


def _difference(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    answers, about = counted_answers(form, conversation), conversation.about
    field, unit = str(answers["field"]), about.get("unit_name", "–")
    new = _new(form, conversation, answers)
    if field in ("add", "retire"):
        return (Line(f"unit.{field}.preview", {"unit": unit, "service": new}),)
    named, before = Line(f"unit.{field}.title"), about.get(field, "–")
    if field == "users":
        named = Line("unit.users.of", {"period": str(answers["period"])})
        before = about.get(f"users_{answers['period']}", "–")
    return (Line("unit.preview", {"unit": unit, "field": named, "before": before, "after": new}),)


def _new(form: Form, conversation: Conversation, answers: Answers) -> Line:
    """What is chosen or written, in words."""
    if answers["field"] != "survey":
        return answer_line(form, conversation, form.by_id[str(answers["field"])])
    if answers["survey"] == OPEN or answers["until"] == UNKNOWN:
        return Line(f"unit.survey.{answers['survey']}")
    return Line("unit.survey.until", {"day": answer_line(form, conversation, form.by_id["until"])})


def _in_table(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    """What the database said of the table; nothing before it has."""
    about = conversation.about
    if "state" not in about:
        return ()
    counts = Line("unit.table.preview", {"new": about["new"], "changed": about["changed"]})
    lines = tuple(literal(line) for line in about["changes"].split("\n"))
    more = (Line("unit.table.more", {"count": about["more"]}),) if about["more"] else ()
    return (counts, *lines, *more)


step = Steps("unit")


def _of(field: str) -> tuple[When]:
    return (chosen("field", field),)


UNIT_FORM = form_of(
    "unit",
    step("field", *FIELDS, look="unit_choices", body=_present, resets=True),
    step("hours", writes=HOURS, when=_of("hours")),
    step("zone", *(Choice(zone, literal(zone)) for zone in ZONES), when=_of("zone")),
    step("period", offers=True, when=_of("users")),
    step("users", writes=DIGITS + 4, check=no_number, when=_of("users")),
    step("add", writes=SERVICE, look="unit_service", when=_of("add")),
    step("retire", offers=True, when=_of("retire")),
    step("survey", OPEN, CLOSED, when=_of("survey")),
    step(
        "until",
        UNKNOWN,
        writes=WRITTEN,
        when=(*_of("survey"), chosen("survey", CLOSED)),
        offers=True,
        look="unit_until",
        reads=as_said,
    ),
    confirm_step(_difference),
)

UNITS_FORM = form_of(
    "units",
    step("what", "table", "list", revisable=False),
    step("table", attaches=("table",), when=(chosen("what", "table"),), look="unit_table"),
    apply_step(_in_table, chosen("what", "table")),
)
