"""One turn: what an event means for one chat, inside an open transaction. Synchronous.

Reads the conversation it is given, asks the pure core, answers what the core asks of the database,
and returns what to write and what to show. It writes no conversation itself: a batch of turns is
saved together (`bot.core.turns.turn_worker`).
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.turns.command_said import ROUND, command_said
from bot.core.turns.endings import back, is_late, late, subscribed
from bot.core.turns.new_conversation import Begin
from bot.core.turns.outcome import Outcome, said, sentence, written
from bot.core.turns.turn_context import TurnContext
from bot.dialogues import DIALOGUES
from bot.office.command_list import refresh
from bot.office.menu import for_tables, with_commands
from flows.commands import SUBSCRIBE
from flows.engine.advance import Turn, advance
from flows.engine.capabilities import OPENS
from flows.engine.conversation import REMEMBERED, Conversation
from flows.engine.events import (
    Asked,
    Attached,
    Edited,
    Erase,
    Located,
    Look,
    Opened,
    PersonEvent,
    Show,
    Start,
    Submit,
    Tapped,
    Typed,
    Write,
)
from flows.engine.form import Line, Step, asking
from flows.engine.hear import hear, is_said
from flows.engine.input_parsing import file_behind, taken_at, to_fetch, worded
from flows.engine.push_buttons import meant
from flows.engine.screen import SILENCE, Screen, screen
from flows.intents import RateUnit, read
from flows.loader import words
from flows.survey.find import FIND, NAME, UNIT
from flows.survey.state import PREVIEW, SURVEY, SurveyState
from storage.chat.conversations import Kept
from storage.office import roles, sent_files

DEFAULT_LANGUAGE = "id"


def take(context: TurnContext, kept: Sequence[Kept], event: PersonEvent) -> Outcome:
    """`kept` are all conversations of this address, the open one last."""
    outcome = _taken(context, kept, event)
    if isinstance(event, Asked) and event.command == "help":
        outcome.screen = with_commands(context, outcome.screen)
        _renew(context)
    return outcome


def _taken(context: TurnContext, kept: Sequence[Kept], event: PersonEvent) -> Outcome:
    if is_late(event, kept):
        language = language_of(context, kept[-1] if kept else None)
        return late(context, kept, event, language)
    if isinstance(event, Edited):
        return _edited(context, kept, event)
    here = _which(kept, event)
    if isinstance(event, Attached):
        event = worded(event, _taken_at(context, here, event))
    if known := _known(kept, here, event):
        return _advance(context, known, event)
    if here is not None and (waits := _waits(context, here, event)):
        return Outcome(waits)
    if isinstance(event, Attached) and here is not None and isinstance(event.table, dict):
        sent_files.keep(context.connection, context.address, event.file, event.table, event.at)
    return _new(context, kept, here, event)


def _waits(context: TurnContext, here: Kept, event: PersonEvent) -> Screen | None:
    """What has to be brought before the event is taken."""
    step, file, brings = _asking(context, here), "", None
    if isinstance(event, Attached):
        file, brings = event.file, to_fetch(_taken_at(context, here, event), event)
    elif step and any(choice.brings for choice in step.choices):
        file, brings = file_behind(step, here.conversation, _heard(context, here, event)), "public"
    if not file or brings is None:
        return None
    return Screen("", DEFAULT_LANGUAGE, (), (), fetch=file, brings=brings)


def _new(
    context: TurnContext, kept: Sequence[Kept], here: Kept | None, event: PersonEvent
) -> Outcome:
    """An event that was not taken before."""
    if _searches(here) and (lines := for_tables(context, event)):
        return Outcome(Screen("", language_of(context, here), (), lines))
    if _is_thanks(context, here, event):
        return _welcome(context, here, event)
    named, event = event, _named(context, here, event)
    if isinstance(event, Asked) and event is not named:
        return take(context, kept, event)
    if isinstance(event, Opened):
        return _open(context, here, event)
    if here is None or (isinstance(event, Asked) and not here.conversation.is_open):
        return _from_nothing(context, here, event)
    if not here.conversation.is_open:
        return _follow(context, kept[-1], here, event)
    return back(context, kept, here, _advance(context, here, event))


def language_of(context: TurnContext, here: Kept | None) -> str:
    """The one of the last conversation; after that the one in which roles are spoken to."""
    return here.conversation.language if here else context.language


def _which(kept: Sequence[Kept], event: PersonEvent) -> Kept | None:
    """The conversation an event is for: a tap's own, else the open one, else the last."""
    if isinstance(event, Tapped):
        for each in kept:
            if each.conversation.id == event.conversation:
                return each
    return kept[-1] if kept else None


def _known(kept: Sequence[Kept], here: Kept | None, event: PersonEvent) -> Kept | None:
    """The conversation that shows where this person stands, of an event that was taken before."""
    first = [here] if here else []
    return next((k for k in (*first, *reversed(kept)) if k.conversation.knows(event.id)), None)


def _named(context: TurnContext, here: Kept | None, event: PersonEvent) -> PersonEvent:
    """A command's name as the command, wherever no words are asked but those that find a unit, and
    for citizens a unit's code as its link; and what a button opens that was typed."""
    if not isinstance(event, Typed) or not _is_free(context, here):
        return event
    heard = _heard(context, here, event) if here else event
    if not isinstance(heard, Typed) or heard.near:  # a code may be the label of a button
        return meant(heard) if isinstance(heard, Tapped) and heard.step == OPENS else event
    code = event.text.strip(ROUND)
    in_form = _is_in_form(here)
    unit = read(code) if not code.startswith("/") and not in_form else None
    if isinstance(unit, RateUnit) and context.unit(unit.code) is not None:
        return Opened(event.id, event.at, code)
    spoken, searches = words(language_of(context, here)), _searches(here)
    is_left = searches or in_form  # a survey that is open is not
    command = command_said(context, event, spoken, searches=searches, is_left=is_left)
    done = DIALOGUES.heard(event.id, event.at, command) if command else None
    return event if done is None or (isinstance(done, Opened) and not is_left) else done


def _searches(here: Kept | None) -> bool:
    """Whether nothing is open but, at most, the search for a unit."""
    now = here.conversation if here else None
    return now is None or not now.is_open or now.form == FIND.id


def _is_in_form(here: Kept | None) -> bool:
    """Whether a form is open that is neither a survey nor the search for a unit."""
    return not _searches(here) and here is not None and here.conversation.form != SURVEY


def _asking(context: TurnContext, here: Kept | None) -> Step | None:
    return asking(context.form(here.conversation), here.conversation) if here else None


def _taken_at(context: TurnContext, here: Kept | None, event: Attached) -> Step | None:
    return taken_at(context.form(here.conversation), here.conversation, event) if here else None


def _edited(context: TurnContext, kept: Sequence[Kept], event: Edited) -> Outcome:
    """It corrects the answer that the message gave; what is sent is corrected by a button."""
    for each in reversed(kept):
        now = each.conversation
        if now.is_open and event.answers(now):
            return _advance(context, each, event)
        if event.answers(now) in context.form(now).by_id:
            return Outcome(screen(context.form(now), now, (Line("edited.sent"),)))
    return Outcome(SILENCE)


def _is_free(context: TurnContext, here: Kept | None) -> bool:
    """Whether nothing is open, or what is answered by buttons alone, or the search for a unit."""
    step = _asking(context, here)
    if here is None or step is None or here.conversation.form == FIND.id:
        return True
    return not (step.writes or (step.otherwise and _is_in_form(here)))


def _is_thanks(context: TurnContext, here: Kept | None, event: PersonEvent) -> bool:
    """Said where it is no answer."""
    if not isinstance(event, Typed):
        return False  # and no language is looked up
    key = "heard.thanks" if here and here.conversation.is_open else "heard.closing"
    spoken = words(language_of(context, here))
    if not is_said(key, event, spoken) or not _is_free(context, here):
        return False
    return here is None or isinstance(_heard(context, here, event), Typed)


def _welcome(context: TurnContext, here: Kept | None, event: PersonEvent) -> Outcome:
    """… and what is asked again, if anything is."""
    welcome = Line("thanks.welcome")
    if here is None or not here.conversation.is_open or here.conversation.form == FIND.id:
        return Outcome(sentence(welcome, language_of(context, here)))
    now = here.conversation.remember(event.id, event.at)
    return written(here, now, screen(context.form(now), now, (welcome,)))


def _advance(context: TurnContext, here: Kept, event: PersonEvent) -> Outcome:
    return _settle(context, here, _turn(context, here, event), event)


def _turn(context: TurnContext, here: Kept, event: PersonEvent) -> Turn:
    form, before = context.form(here.conversation), here.conversation
    turn = advance(form, before, _heard(context, here, event))
    if not isinstance(event, Typed) or not event.message:
        return turn
    step, now = asking(form, before), turn.conversation
    if step is None or now.answers.get(step.id) == before.answers.get(step.id):
        return turn
    written = dict([*before.written.items(), (event.message, step.id)][-REMEMBERED:])
    return replace(turn, conversation=now.but(written=written))


def _heard(context: TurnContext, here: Kept, event: PersonEvent) -> PersonEvent:
    form, now = context.form(here.conversation), here.conversation
    return hear(form, now, event, words(now.language))


def _follow(context: TurnContext, last: Kept, here: Kept, event: PersonEvent) -> Outcome:
    """Under an ending: what its button begins, as if its link had been opened. A sentence comes in
    a message of its own: the ending, which holds the receipt, stays. Below a survey's, a unit's
    name is looked for."""
    turn = _turn(context, here, event)
    match turn.effects:
        case (Start(opening),):
            outcome = _open(context, last, Opened(event.id, event.at, opening))
            if opening.startswith(f"{SUBSCRIBE} "):
                outcome.saved.append(replace(here, conversation=subscribed(turn.conversation)))
            return outcome
    if isinstance(event, Typed) and here.conversation.form == SURVEY:
        looked = _looked_for(context, last, event)
        if any(UNIT in each.conversation.offered for each in looked.inserted):
            return looked
    return _settle(context, here, turn, event)


def _looked_for(context: TurnContext, here: Kept | None, event: PersonEvent) -> Outcome:
    """The search for a unit, which hears the event too: that it was opened by it does not count."""
    outcome = _open(context, here, Opened(event.id, event.at, ""))
    (found,) = outcome.inserted
    unheard = found.conversation.but(seen=())
    return _advance(context, replace(found, conversation=unheard), event)


def _open(context: TurnContext, here: Kept | None, opened: Opened) -> Outcome:
    language = language_of(context, here)
    begin = DIALOGUES.resolve(context, opened)
    if not isinstance(begin, Begin):
        return Outcome(said(begin, language))
    if (
        here is None
        or not here.conversation.is_open
        or _gives_way(context, here.conversation, begin)
    ):
        return _begin(context, here, opened, begin, language)
    name = words(language).line(Line("resume.start", {"name": begin.name}))
    same = _leads_to(begin, here.conversation)
    named = replace(opened, opening=begin.opening, label=name, same=same)
    outcome = _advance(context, here, named)
    here_too = same and not SurveyState.of(here.conversation).visit
    if begin.note and (here_too or begin.form == FIND.id):
        outcome.screen = replace(outcome.screen, notes=(begin.note, *outcome.screen.notes))
    return outcome


def _gives_way(context: TurnContext, conversation: Conversation, begin: Begin) -> bool:
    """Nothing in it would be missed: another takes its place without asking. The very same does
    not, so that whoever opens a link three times may tap under any of the three messages."""
    if conversation.form == FIND.id:
        return True
    begun = context.form(conversation).steps[0].id in conversation.answers
    untouched = not begun or conversation.is_untouched
    same = conversation.version == begin.version and _leads_to(begin, conversation)
    return untouched and not same


def _leads_to(begin: Begin, conversation: Conversation) -> bool:
    """Whether a link is one to what is open already. One without a service means any, so does one
    without a visit."""
    service, now, new = begin.answers.get("service"), conversation.about, begin.about
    if isinstance(begin.kept, SurveyState):
        same = _takes_part(begin.kept, conversation)
    else:
        same = conversation.opening == begin.opening
    return (
        same
        and conversation.form == begin.form
        and all(now.get(of) == new.get(of) for of in ("unit", "survey_id", "scope", "command"))
        and service in (None, conversation.answers.get("service"))
    )


def _takes_part(new: SurveyState, conversation: Conversation) -> bool:
    now = SurveyState.of(conversation)
    return (now.part == PREVIEW) is (new.part == PREVIEW) and new.visit in ("", now.visit)


def _begin(
    context: TurnContext, former: Kept | None, opened: Opened, begin: Begin, language: str
) -> Outcome:
    """A new conversation; `former` was the last one and, if it is open, gives way."""
    conversation = begin.conversation(context.new_id(), opened, language)
    form = context.form(conversation)
    effects = [Show(screen(form, conversation))]
    looks = [
        Look(step.look, str(begin.answers[step.id]))
        for step in form.steps
        if step.look and step.id in begin.answers
    ]
    new = Kept(context.address, 0, conversation)
    outcome = _settle(context, new, Turn(conversation, (*effects, *looks)), opened)
    if begin.note:  # also above what the database has to say at once
        outcome.screen = replace(outcome.screen, notes=(begin.note, *outcome.screen.notes))
    if former is not None and former.conversation.is_open:
        outcome.deleted.append(former)
    return outcome


def _from_nothing(context: TurnContext, here: Kept | None, event: PersonEvent) -> Outcome:
    """Nothing is open: words lead to finding a unit, buttons of what is gone only say so."""
    language = language_of(context, here)
    if isinstance(event, Asked) and event.command == "help":
        return Outcome(sentence(Line("help"), language))
    if isinstance(event, Tapped):
        return Outcome(sentence(Line("ended.gone"), language))
    if isinstance(event, Asked) and event.command == "cancel":
        return Outcome(sentence(Line("nothing_open"), language))
    if isinstance(event, Typed):
        is_name = event.text.strip() and not event.text.startswith("/")
        greets = is_said("heard.greeting", event, words(language))
        if is_name and not greets and len(event.text) <= NAME:
            return _looked_for(context, here, event)
    if isinstance(event, Asked | Located):
        return _looked_for(context, here, event)
    return _open(context, here, Opened(event.id, event.at, ""))


def _settle(context: TurnContext, here: Kept, turn: Turn, event: PersonEvent) -> Outcome:
    """Answer the effects until only the last screen is left, then say what to write."""
    shown: Screen | None = None
    effects = list(turn.effects)
    while effects:
        match effects.pop(0):
            case Show(given):
                shown = given
            case Start(opening):
                opened = Opened(event.id, event.at, opening)
                return _go_on(context, here, opened, turn.conversation.language)
            case Look() | Submit() | Erase() | Write() as asked:
                told = DIALOGUES.answer(context, turn.conversation, asked)
                if told is not None:
                    turn = advance(context.form(turn.conversation), turn.conversation, told)
                    effects += turn.effects
    assert shown is not None, "every turn ends in a screen"
    if turn.conversation.language != here.conversation.language:
        _speak(context, turn.conversation.language)
    return written(here, turn.conversation, shown)


def _speak(context: TurnContext, language: str) -> None:
    """Whoever has a role is spoken to so from now on, also unasked."""
    roles.speak(context.connection, context.address, language)
    _renew(context)


def _renew(context: TurnContext) -> None:
    """The channel's own menu: its language, or what an older skm left there."""
    if roles.held(context.connection, context.address):
        refresh(context.connection, context.address, context.at)


def _go_on(context: TurnContext, here: Kept, opened: Opened, language: str) -> Outcome:
    begin = DIALOGUES.resolve(context, opened)
    if not isinstance(begin, Begin):
        return Outcome(said(begin, language), deleted=[here])
    return _begin(context, here, opened, begin, language)
