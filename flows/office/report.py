"""The official report of a unit's period, or its publication card, sent as a file: /laporan; and
that of an agency."""

from flows.asides import ASIDES
from flows.engine.events import write_answers
from flows.engine.form import Choice, Form, Line, Step, Value

# By their sizes: in an id a digit would be read as a number that stands on the choice.
CARDS = {"card": "card", "board": "card-a4", "wall": "card-a3"}
FORMATS = ("pdf", "docx", "xlsx", *CARDS)


def format_of(choice: Value) -> str:
    """The format that a choice means."""
    return CARDS.get(str(choice), str(choice))


_STEPS = (
    Step("period", Line("report.period"), offers=True, title=Line("report.period.title")),
    Step(
        "format",
        Line("report.format"),
        tuple(Choice(each, Line(f"report.format.{each}")) for each in FORMATS),
        title=Line("report.format.title"),
    ),
    *ASIDES,
)

REPORT_FORM = Form("report", _STEPS, write_answers)
AGENCY_REPORT_FORM = Form("agency_report", _STEPS, write_answers)
