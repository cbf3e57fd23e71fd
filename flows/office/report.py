"""The official report of a unit's period, or its publication card, sent as a file: /laporan; and
that of an agency. The one of a published period may be put on the public site."""

from flows.asides import ASIDES
from flows.engine.conversation import Conversation
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


def _said(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    """Whose names are in it, and who reads them then."""
    about = conversation.about
    signs = {"person": about.get("person", "")}
    named = Line("report.public.names", signs) if signs["person"] else Line("report.public.nobody")
    there = (Line("report.public.is"),) if about.get("there") else ()
    return (Line("report.public.what", about), *there, named)


PUBLIC_REPORT_FORM = Form(
    "public_report",
    (
        Step("do", Line("report.public"), offers=True, body=_said, revisable=False),
        *ASIDES,
    ),
    write_answers,
)
