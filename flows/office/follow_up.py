"""A head plans what is to become better, and says what became of it: /tindaklanjut.

What is open is listed; one of it is begun, moved, finished or dropped, or a new one planned: the
element (weakest first), the programme, until when, and whose function it is. What is finished is
looked at, and its proof sent again.
"""

from collections.abc import Mapping
from datetime import date

from flows.asides import ASIDES
from flows.engine.confirm import confirm_step
from flows.engine.conversation import Conversation
from flows.engine.events import write_answers
from flows.engine.form import (
    SKIPPED,
    Choice,
    Either,
    Form,
    Line,
    Step,
    Value,
    When,
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
from flows.written_day import WRITTEN, as_said, no_day, read_day

NEW, ENDED = "new", "ended"
PROGRAMME = "programme"  # citizens are told its words
TEXT, PERSON, NEWS = 300, 80, 500  # characters


def due_of(value: Value) -> date:
    """The day that was chosen (its id is the day) or written."""
    day = read_day(text_of(value))
    assert day is not None, "checked when it was written"
    return day


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
        due = day_line(due_of(answers["due"]))
        return (
            _what(str(answers["element"]), text_of(answers["programme"]), conversation.began_on),
            _when(due, text_of(answers["person"]), "planned", late=False),
        )
    row = _row(conversation)
    day = conversation.began_on
    return (_what(row["element"], row["programme"], day), *_changed(answers, row, day))


def _changed(answers: Mapping[str, Value], row: Mapping[str, str], day: date) -> tuple[Line, ...]:
    does = answers["do"]
    if does == "move":
        return (Line("follow_up.preview.move", {"due": day_line(due_of(answers["due"]))}),)
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


def _title(step: str) -> Line:
    return Line(f"follow_up.{step}.title")


_NEW, _ENDED = When("plan", frozenset({NEW})), When("plan", frozenset({ENDED}))
_OLD = When("plan", frozenset({NEW, ENDED}), wanted=False)
_MOVE, _FINISH = When("do", frozenset({"move"})), When("do", frozenset({"finish"}))

FOLLOW_UP = Form(
    "follow_up",
    (
        Step(
            "plan",
            Line("follow_up.plan"),
            offers=True,
            look="follow_up",
            title=_title("plan"),
            resets=True,
        ),
        Step(
            "do",
            Line("follow_up.do"),
            tuple(
                Choice(does, Line(f"follow_up.do.{does}"))
                for does in ("finish", "begin", "move", "drop")
            ),
            when=(_OLD,),
            title=_title("do"),
            body=_shown,
        ),
        Step(
            ENDED,
            Line("follow_up.ended"),
            offers=True,
            when=(_ENDED,),
            look="follow_up_ended",
            title=_title("plan"),
        ),
        Step(
            "see",
            Line("follow_up.see"),
            offers=True,
            when=(_ENDED,),
            body=_ended,
            revisable=False,
        ),
        publish_step(_photo, When("see", frozenset({PUBLISH}))),
        Step(
            "element",
            Line("follow_up.element"),
            offers=True,
            when=(_NEW,),
            title=_title("element"),
            body=_known,
        ),
        Step(
            "programme",
            Line("follow_up.programme"),
            writes=TEXT,
            when=(_NEW,),
            title=_title("programme"),
        ),
        Step(
            "due",
            Line("follow_up.due"),
            writes=WRITTEN,
            offers=True,
            look="follow_up_due",
            when=(Either((_NEW, _MOVE)),),
            title=_title("due"),
            check=no_day,
            reads=as_said,
        ),
        Step(
            "person",
            Line("follow_up.person"),
            writes=PERSON,
            when=(_NEW,),
            title=_title("person"),
        ),
        proof_step(_FINISH),
        public_step(_FINISH),
        Step(
            "told",
            Line("follow_up.told"),
            (
                Choice(PROGRAMME, Line("follow_up.told.programme")),
                Choice(SKIPPED, Line("follow_up.told.nobody")),
            ),
            writes=NEWS,
            when=(_FINISH,),
            title=_title("told"),
            body=_told,
        ),
        confirm_step(_preview, When("plan", frozenset({ENDED}), wanted=False)),
        *ASIDES,
    ),
    write_answers,
)
