"""The register of innovations: /inovasi. One that is there is looked at, or taken out again."""

from datetime import date

from flows.asides import ASIDES
from flows.confirm import confirm_step
from flows.conversation import Conversation, counted_answers
from flows.day import WRITTEN, day_line, no_day, read_day
from flows.events import Write
from flows.files import CURRENT, instrument
from flows.form import Choice, Form, Line, Step, Value, When, literal
from flows.office.proof import proof_line, proof_step
from flows.screen import quoted

NEW = "new"
NAME, WHAT = 60, 500  # characters


def start_of(value: Value) -> date:
    said = value["text"] if isinstance(value, dict) else str(value)
    day = read_day(said)
    assert day is not None, "checked when it was written"
    return day


def element_line(element: str) -> Line:
    return Line(f"{CURRENT}.{element}.name")


def _preview(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    answers = counted_answers(form, conversation)
    if answers["which"] != NEW:
        rows = conversation.offered["which"]
        label = next(row["label"] for row in rows if row["id"] == answers["which"])
        return (Line("innovation.preview.remove", {"name": literal(label)}),)
    element, start = str(answers["element"]), day_line(start_of(answers["start"]))
    return (
        literal(quoted(_written(answers["name"]))),
        Line("innovation.preview", {"element": element_line(element), "start": start}),
        literal(quoted(_written(answers["what"]))),
        proof_line(answers["proof"]),
    )


def _written(value: Value) -> str:
    return value["text"] if isinstance(value, dict) else str(value)


def _write(form: Form, conversation: Conversation) -> Write:
    return Write(counted_answers(form, conversation))


def _title(step: str) -> Line:
    return Line(f"innovation.{step}.title")


def _text(step: str, most: int) -> Step:
    return Step(step, Line(f"innovation.{step}"), writes=most, when=(_NEW,), title=_title(step))


_NEW, _OLD = When("which", frozenset({NEW})), When("which", frozenset({NEW}), wanted=False)

INNOVATION = Form(
    "innovation",
    (
        Step("which", Line("innovation.which"), offers=True, title=_title("which"), resets=True),
        Step(
            "do",
            Line("innovation.do"),
            (
                Choice("show", Line("innovation.do.show")),
                Choice("remove", Line("innovation.do.remove")),
            ),
            when=(_OLD,),
            look="innovation",
            title=_title("do"),
        ),
        Step(
            "element",
            Line("innovation.element"),
            tuple(Choice(key, element_line(key)) for key in instrument(CURRENT).keys),
            when=(_NEW,),
            title=_title("element"),
        ),
        _text("name", NAME),
        _text("what", WHAT),
        Step(
            "start",
            Line("innovation.start"),
            writes=WRITTEN,
            when=(_NEW,),
            title=_title("start"),
            check=no_day,
            look="innovation_start",
        ),
        proof_step(_NEW),
        confirm_step(_preview),
        *ASIDES,
    ),
    _write,
)
