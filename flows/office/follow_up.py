"""A head plans what is to become better, and says what became of it: /tindaklanjut.

What is open is listed; one of it is begun, moved, finished or dropped, or a new one planned: the
element (weakest first), the programme, until when, and whose function it is. What is finished is
looked at, and its proof sent again.
"""

from collections.abc import Mapping
from datetime import date

from flows.engine.confirm import confirm_step
from flows.engine.conversation import Answers, Conversation
from flows.engine.form import (
    SKIPPED,
    Choice,
    Either,
    Form,
    Line,
    counted_answers,
    literal,
)
from flows.engine.input_parsing import text_of
from flows.engine.screen import quoted
from flows.formats import day_line
from flows.loader import element_line
from flows.office.proof import (
    PUBLISH,
    SHOWN,
    proof_line,
    proof_step,
    public_line,
    public_step,
    publish_step,
    shown_line,
)
from flows.office.steps import Steps, chosen, form_of, not_chosen
from flows.written_day import A_DAY, day_of

NEW, ENDED = "new", "ended"
PROGRAMME = "programme"  # citizens are told its words
TEXT, PERSON, NEWS = 300, 80, 500  # characters

step = Steps("follow_up")


def programme_news(element: str, programme: str, day: date) -> Line:
    """What citizens are told on that day where nobody wrote anything else."""
    return Line(
        "follow_up.told.by_itself", {"element": element_line(element, day), "programme": programme}
    )


def _row(conversation: Conversation) -> Mapping[str, str]:
    """The plan that was chosen, as it was offered."""
    plan = conversation.answers["plan"]
    return next(row for row in conversation.offered["plan"] if row["id"] == plan)


def _what(element: str, programme: str, day: date) -> Line:
    return Line(
        "follow_up.shown", {"element": element_line(element, day), "programme": quoted(programme)}
    )


def _when(due: Line, person: str, status: str, late: bool) -> Line:
    said = Line(f"follow_up.status.{status}")
    key = "follow_up.shown.late" if late else "follow_up.shown.due"
    return Line(key, {"due": due, "person": quoted(person), "status": said})


def _shown(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    row = _row(conversation)
    due = day_line(date.fromisoformat(row["due"]))
    late = bool(row["late"])
    return (
        _what(row["element"], row["programme"], conversation.began_on),
        _when(due, row["person"], row["status"], late),
    )


def _ended(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    """The finished one that was chosen."""
    row = _ended_row(conversation)
    proof = row["proof"], row.get("proof_kind", "")
    shown = (Line("proof.public.is"),) if conversation.about.get(SHOWN) else ()
    return (*ended_lines(row["element"], row["programme"], row["finished"], *proof), *shown)


def _ended_row(conversation: Conversation) -> Mapping[str, str]:
    id = conversation.answers[ENDED]
    return next(row for row in conversation.offered[ENDED] if row["id"] == id)


def _photo(conversation: Conversation) -> str:
    return _ended_row(conversation).get("photo", "")


def ended_lines(
    element: str, programme: str, finished: str, proof: str, kind: str
) -> tuple[Line, ...]:
    """`finished`: its day, as in ISO 8601; `kind`: of a file that proves it."""
    day = date.fromisoformat(finished)
    said = Line("follow_up.ended.on", {"day": day_line(day)})
    return _what(element, programme, day), said, shown_line(proof, kind)


def _known(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    """Whose scores stand beside the elements, where any do."""
    rows = conversation.offered.get("element", ())
    return (Line("follow_up.element.known"),) if any(row.get("mean") for row in rows) else ()


def _told(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    row, readers = _row(conversation), conversation.about.get("readers", "0")
    news = programme_news(row["element"], quoted(row["programme"]), conversation.began_on)
    return (
        Line("follow_up.readers", {"count": readers}),
        Line("follow_up.example", {"text": news}),
    )


def _preview(form: Form, conversation: Conversation) -> tuple[Line, ...]:
    answers = counted_answers(form, conversation)
    if answers["plan"] == NEW:
        due = day_line(day_of(answers["due"]))
        return (
            _what(str(answers["element"]), text_of(answers["programme"]), conversation.began_on),
            _when(due, text_of(answers["person"]), "planned", late=False),
        )
    row = _row(conversation)
    day = conversation.began_on
    return (_what(row["element"], row["programme"], day), *_changed(answers, row, day))


def _changed(answers: Answers, row: Mapping[str, str], day: date) -> tuple[Line, ...]:
    does = answers["do"]
    if does == "move":
        return (Line("follow_up.preview.move", {"due": day_line(day_of(answers["due"]))}),)
    if does != "finish":
        return (Line(f"follow_up.preview.{does}"),)
    told, proof = (
        answers["told"],
        (proof_line(answers["proof"]), *public_line(answers.get("public"))),
    )
    if told == SKIPPED:
        return (*proof, Line("follow_up.preview.untold"))
    news = literal(quoted(text_of(told)))
    if told == PROGRAMME:
        news = programme_news(row["element"], row["programme"], day)
    return (*proof, Line("follow_up.preview.told", {"text": news}))


_NEW, _ENDED, _OLD = chosen("plan", NEW), chosen("plan", ENDED), not_chosen("plan", NEW, ENDED)
_MOVE, _FINISH = chosen("do", "move"), chosen("do", "finish")

FOLLOW_UP = form_of(
    "follow_up",
    step("plan", offers=True, look="follow_up", resets=True),
    step("do", "finish", "begin", "move", "drop", when=(_OLD,), body=_shown),
    step(ENDED, offers=True, when=(_ENDED,), look="follow_up_ended", title=step.title("plan")),
    step("see", offers=True, when=(_ENDED,), body=_ended, revisable=False),
    publish_step(_photo, chosen("see", PUBLISH)),
    step("element", offers=True, when=(_NEW,), body=_known),
    step("programme", writes=TEXT, when=(_NEW,)),
    step("due", **A_DAY, offers=True, look="follow_up_due", when=(Either((_NEW, _MOVE)),)),
    step("person", writes=PERSON, when=(_NEW,)),
    proof_step(_FINISH),
    public_step(_FINISH),
    step(
        "told",
        step.choice("told", PROGRAMME),
        Choice(SKIPPED, step.line("told", "nobody")),
        writes=NEWS,
        when=(_FINISH,),
        body=_told,
    ),
    confirm_step(_preview, not_chosen("plan", ENDED)),
)
