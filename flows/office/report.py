"""The official report of a unit's period, or its publication card, sent as a file: /laporan; and
that of an agency. The one of a published period may be put on the public site."""

from flows.engine.conversation import Conversation
from flows.engine.form import Form, Line, Value
from flows.office.steps import Steps, form_of

# By their sizes: in an id a digit would be read as a number that stands on the choice.
CARDS = {"card": "card", "board": "card-a4", "wall": "card-a3"}
FORMATS = ("pdf", "docx", "xlsx", *CARDS)


def format_of(choice: Value) -> str:
    """The format that a choice means."""
    return CARDS.get(str(choice), str(choice))


step = Steps("report")
_STEPS = (step("period", offers=True), step("format", *FORMATS))

REPORT_FORM = form_of("report", *_STEPS)
AGENCY_REPORT_FORM = form_of("agency_report", *_STEPS)


def _said(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    """Whose names are in it, and who reads them then."""
    about = conversation.about
    signs = {"person": about.get("person", "")}
    named = Line("report.public.names", signs) if signs["person"] else Line("report.public.nobody")
    there = (Line("report.public.is"),) if about.get("there") else ()
    return (Line("report.public.what", about), *there, named)


PUBLIC_REPORT_FORM = form_of(
    "public_report",
    step("do", text=Line("report.public"), offers=True, body=_said, revisable=False),
)
