"""Where and when a period's results were published: /publikasi. Several media at once."""

from datetime import date

from flows.asides import ASIDES
from flows.engine import multiple_choice
from flows.engine.confirm import confirm_step
from flows.engine.conversation import Conversation
from flows.engine.events import write_answers
from flows.engine.form import Choice, Form, Line, Step, Value, When, counted_answers, literal
from flows.engine.input_parsing import text_of
from flows.formats import day_line
from flows.written_day import WRITTEN, as_said, no_day, read_day

NEW = "new"
MEDIA = ("board", "website", "social", "press", "screen", "forum", "messages")
"""Each one counts once as evidence (`reports.ipp.evidence`)."""


def medium_line(medium: str) -> Line:
    return Line(f"announce.medium.{medium}")


def day_of(value: Value) -> date:
    """The day that was chosen (its id is the day) or written."""
    day = read_day(text_of(value))
    assert day is not None, "checked when it was written"
    return day


def _preview(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    answers = counted_answers(form, conversation)
    if answers["record"] != NEW:
        rows = conversation.offered["record"]
        label = next(row["label"] for row in rows if row["id"] == answers["record"])
        return (Line("announce.preview.remove", {"what": literal(label)}),)
    media = tuple(
        medium_line(each) for each in MEDIA if each in multiple_choice.chosen(answers["media"])
    )
    period, day = str(answers["period"]), day_line(day_of(answers["day"]))
    return (Line("announce.preview", {"period": period, "day": day, "media": media}),)


def _title(step: str) -> Line:
    return Line(f"announce.{step}.title")


_NEW = When("record", frozenset({NEW}))

ANNOUNCE = Form(
    "announce",
    (
        Step(
            "record",
            Line("announce.record"),
            offers=True,
            resets=True,
            title=_title("record"),
        ),
        Step(
            "period",
            Line("announce.period"),
            offers=True,
            when=(_NEW,),
            title=_title("period"),
        ),
        Step(
            "media",
            Line("announce.media"),
            multiple_choice.buttons(Choice(each, medium_line(each)) for each in MEDIA),
            when=(_NEW,),
            title=_title("media"),
            many=True,
        ),
        Step(
            "day",
            Line("announce.day"),
            writes=WRITTEN,
            offers=True,
            look="announced_on",
            when=(_NEW,),
            title=_title("day"),
            check=no_day,
            reads=as_said,
        ),
        confirm_step(_preview),
        *ASIDES,
    ),
    write_answers,
)
