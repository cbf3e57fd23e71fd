"""Every rule of the conversation.

Theory. A conversation is a form, the answers so far, and one bit of place: `revisit`. Whoever
wants to know what is asked derives it (`asking`). An event changes answers or `revisit`, nothing
else moves anybody. So resuming, skipping, going back, correcting and a changed path are one rule:

    after any event, show what `asking` says.

1. An event seen before changes nothing and shows the present screen.
2. A tap carries its step. It counts if that step was shown: it is the one asked, the first
   unanswered one, it has an answer, or it is an aside. On an answered step it corrects that
   answer; the same tap twice changes nothing. Any other tap is stale: the present screen again,
   under a line that says so.
3. Typed text carries no step: it goes to the step asked. (`flows.engine.hear` turns typed numbers
   and labels into taps before it gets here.) A photo or a file goes there too, where that step
   takes one, and a table in place of the one sent before (`flows.engine.input_parsing`); a place
   is asked about and not kept (`flows.engine.place_input`). Of several choices each tap sets or
   unsets one by name; the step stays open until "done".
4. Any answer clears `revisit`; "back", "change" and asides set it. What was filled in because there
   is no other answer is no place to go back to.
5. When every step that applies is answered the conversation is finished and the form says what
   follows (`Submit`, `Start`, `Write`). A choice may close it earlier. What the database cannot
   take asks its step anew (`flows.engine.replies`).
6. A closed conversation never opens again and keeps showing its ending. A button under the ending
   begins another conversation, as a link would (`flows.engine.ended`).
"""

from dataclasses import dataclass, replace

from flows.engine import input_parsing, multiple_choice
from flows.engine.clean_text import tidy
from flows.engine.conversation import Conversation
from flows.engine.ended import follows, regretted
from flows.engine.events import (
    Asked,
    Attached,
    Edited,
    Effect,
    Event,
    Located,
    Look,
    Opened,
    Show,
    Start,
    Tapped,
    Told,
    Typed,
)
from flows.engine.form import Choice, Form, Line, Step, Value, asking, first_unanswered
from flows.engine.language_tag import changed
from flows.engine.place_input import located
from flows.engine.replies import Reply, replied
from flows.engine.screen import (
    BACK,
    SILENCE,
    choices_of,
    given_line,
    previous,
    progress,
    screen,
    told_once,
)

PAUSE = 1800  # seconds after which any word means "where was I?"


@dataclass(frozen=True, slots=True)
class Turn:
    conversation: Conversation
    effects: tuple[Effect, ...]


def advance(form: Form, conversation: Conversation, event: Event) -> Turn:
    """The one transition: (form, state, event) → (state, effects). Never raises on an event."""
    if isinstance(event, Reply):
        now, notes = replied(form, conversation, event)
        if isinstance(event, Told) and event.secrets:
            return Turn(now, (Show(told_once(now, event.key, event.secrets)),))
        return _show(form, now, *notes)
    if conversation.knows(event.id):
        return _show(form, conversation)
    away = event.at - conversation.last > PAUSE
    conversation = conversation.remember(event.id, event.at)
    if not conversation.is_open:
        start = follows(conversation, event)
        return Turn(conversation, (start,)) if start else _show(form, conversation)
    match event:
        case Tapped():
            return _tapped(form, conversation, event)
        case Typed() | Attached() | Located():
            return _of_kind(event, _said(form, conversation, event, away))
        case Edited():
            return _edited(form, conversation, event)
        case Opened():
            return _opened(form, conversation, event)
        case Asked():
            return _asked(form, conversation, event)


def resumed(form: Form, conversation: Conversation) -> Turn:
    """The present screen under the line that says where the person had got to."""
    step = asking(form, conversation)
    place = progress(form, conversation, step) if step else None
    if place is None or place[0] == 1:
        return _show(form, conversation)
    return _show(form, conversation, Line("resumed", {"place": place[0], "of": place[1]}))


def _tapped(form: Form, conversation: Conversation, tap: Tapped) -> Turn:
    step = form.by_id.get(tap.step)
    if tap.conversation != conversation.id or step is None or not _shown(form, conversation, step):
        return _show(form, conversation, Line("stale"))
    if tap.choice == BACK.id:
        return _choose(form, conversation, step, BACK)
    # Of several choices any button of an older message still says what it means.
    for choice in step.choices if step.many else choices_of(form, conversation, step):
        if choice.id == tap.choice:
            return _choose(form, conversation, step, choice)
    return _show(form, conversation, Line("stale"))


def _shown(form: Form, conversation: Conversation, step: Step) -> bool:
    if step.aside or step is asking(form, conversation):
        return True
    if step is first_unanswered(form, conversation):
        return True
    return step.id in conversation.answers and form.applies(step, conversation.answers)


def _choose(form: Form, conversation: Conversation, step: Step, choice: Choice) -> Turn:
    match choice.does:
        case "answer":
            return _answer(form, conversation, step, choice.id)
        case "set" | "unset" | "done":
            return _mark(form, conversation, step, choice)
        case "back":
            before = previous(form, conversation, step)
            return _visit(form, conversation, before.id if before else "")
        case "visit":
            return _visit(form, conversation, choice.id)
        case "stay":
            kept = {at: rows for at, rows in conversation.offered.items() if at != step.id}
            return _visit(form, conversation.but(offered=kept), "")
        case "explain":
            said = choice.explains(conversation, step) if choice.explains else None
            return _show(form, conversation, *([said] if said else []))
        case "language":
            spoken = conversation.but(language=changed(conversation.language, choice.id))
            back = spoken.but(revisit="") if _at(spoken, step) else spoken
            return _show(form, back, Line("unofficial"))
        case "close":
            closed = conversation.but(status=choice.id)
            return Turn(closed, (Show(regretted(form, closed, screen(form, closed))),))
        case "start":
            row = next(r for r in conversation.offered[step.id] if r["id"] == choice.id)
            return Turn(conversation.but(status="replaced"), (Start(row["opening"]),))


def _mark(form: Form, conversation: Conversation, step: Step, choice: Choice) -> Turn:
    before = conversation.answers.get(step.id)
    value = multiple_choice.after(step, before, choice)
    if value is None or value is before:
        return _show(form, conversation)
    return _answer(form, conversation, step, value)


def _at(conversation: Conversation, step: Step) -> bool:
    return conversation.revisit == step.id


def _visit(form: Form, conversation: Conversation, step: str) -> Turn:
    return _show(form, conversation.but(revisit=step))


def _answer(form: Form, conversation: Conversation, step: Step, value: Value) -> Turn:
    here = asking(form, conversation)
    before = conversation.answers.get(step.id)
    if before == value and here is not step:
        return _show(form, conversation)
    kept = _earlier(form, conversation, step) if step.resets else conversation.answers
    filled_in = tuple([each for each in conversation.given if each != step.id])
    conversation = conversation.but(answers={**kept, step.id: value}, given=filled_in, revisit="")
    if first_unanswered(form, conversation) is None:
        finished = conversation.but(status="finished")
        return Turn(finished, (form.finish(form, finished),))
    again = before not in (None, value) and not isinstance(value, list) and not step.resets
    notes = (given_line("changed", form, conversation, step),) if again else ()
    shown = _show(form, conversation, *notes)
    if not step.look:
        return shown
    return Turn(conversation, (Look(step.look, input_parsing.text_of(value)), *shown.effects))


def _earlier(form: Form, conversation: Conversation, step: Step) -> dict[str, Value]:
    before = {each.id for each in form.steps[: form.steps.index(step)]}
    return {at: value for at, value in conversation.answers.items() if at in before}


def _said(
    form: Form, conversation: Conversation, said: Typed | Attached | Located, away: bool
) -> Turn:
    if isinstance(said, Located) and (sent := located(form, conversation, said)):
        return Turn(sent[0], (sent[1], *_show(form, sent[0]).effects))
    if isinstance(said, Typed) and said.asks:
        return _show(form, conversation, said.asks)
    step, text = asking(form, conversation), tidy(said.text) if isinstance(said, Typed) else ""
    if text.startswith("/"):  # a command that there is not: nobody's answer
        return _show(form, conversation, Line("help"))
    if isinstance(said, Attached):
        at = input_parsing.taken_at(form, conversation, said)
        if at is not None and at.attaches:
            return _given(form, conversation, at, input_parsing.sent(at, said))
    if step is not None and step.otherwise and text:
        step = form.by_id[step.otherwise]
    if step is not None and step.writes:
        return _given(form, conversation, step, input_parsing.written(step, text, said.at))
    if isinstance(said, Typed) and said.near:
        first, second = said.near
        return _show(form, conversation, Line("heard.near", {"first": first, "second": second}))
    # Whoever comes back after a while says "halo": that is no wrong answer.
    if away:
        return resumed(form, conversation)
    is_numbered = any(c.label.key == "numbered" for c in screen(form, conversation).choices)
    return _show(form, conversation, input_parsing.how(step, is_numbered))


def _of_kind(event: Event, turn: Turn) -> Turn:
    """What is said of a voice message and the like, above how to answer."""
    match event, turn.effects:
        case Typed(kind=str(kind)), (Show(shown),) if kind:
            notes = (Line(f"wordless.{kind}"), *shown.notes)
            return replace(turn, effects=(Show(replace(shown, notes=notes)),))
    return turn


def _edited(form: Form, conversation: Conversation, edited: Edited) -> Turn:
    """The answer that a message gave becomes what it says now; of any other message nothing. Who
    wrote on the page of a step that takes no answer now is told so."""
    step = form.by_id.get(edited.answers(conversation))
    if step is None or not step.revisable or not form.applies(step, conversation.answers):
        unheard = _show(form, conversation, Line("edited.unclear"))
        return unheard if edited.step else Turn(conversation, (Show(SILENCE),))
    if not step.writes or (edited.step and not _shown(form, conversation, step)):
        return _show(form, conversation, Line("edited.unclear"))
    return _given(
        form, conversation, step, input_parsing.written(step, tidy(edited.text), edited.at)
    )


def _given(form: Form, conversation: Conversation, step: Step, read: Value | Line) -> Turn:
    if isinstance(read, Line):
        return _show(form, conversation, read)
    return _answer(form, conversation, step, read)


def _opened(form: Form, conversation: Conversation, opened: Opened) -> Turn:
    if opened.same:
        decided = "" if conversation.revisit == "resume" else conversation.revisit
        return resumed(form, conversation.but(revisit=decided))
    # Each offer has its own id: an older message's button does not start what a newer one names.
    row = {"id": f"start-{opened.id}", "label": opened.label, "opening": opened.opening}
    offered = {**conversation.offered, "resume": [row]}
    return _visit(form, conversation.but(offered=offered), "resume")


def _asked(form: Form, conversation: Conversation, asked: Asked) -> Turn:
    match asked.command:
        case "cancel":
            closed = conversation.but(status="cancelled")
            return Turn(closed, (Show(regretted(form, closed, screen(form, closed))),))
        case "language" | "display":
            return _visit(form, conversation, asked.command)
        case "help":
            return _show(form, conversation, Line("help"))


def _show(form: Form, conversation: Conversation, *notes: Line) -> Turn:
    return Turn(conversation, (Show(screen(form, conversation, notes)),))
