"""Long work: done apart, so that everybody's taps do not wait for it.

Theory. The turn thread and SQLite's writer are one for all, so a turn may hold neither for long.
Whatever takes long in an answer asks for it by `context.made_before`, and where it is not made yet,
the turn is put off: the event itself becomes a row of the outbox, sealed, and the chat is told that
it is being prepared. The post takes the event up in a thread of its own (`done`): what takes long
is made in a transaction that only reads, then the very same turn is taken in a short one. An event
changes a conversation once, however often it is taken, so the work is done once as well; what is
shown afterwards is what the conversation shows. Work may also write, in transactions of its own, if
it is known by itself that it was done: an import is, by its file's key. Where nothing can be
brought later there is no row: the console waits (`prepared`), and so does a channel that only
answers (`needed`), which then has the turn taken with what was made.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import TypeVar, get_args

from sqlalchemy import Connection, Engine

from bot.core.turns.outcome import Outcome, sentence
from bot.core.turns.seen_events import take
from bot.core.turns.turn import language_of
from bot.core.turns.turn_context import Made, NotReady, TurnContext
from flows.engine.events import Attached, PersonEvent
from flows.engine.form import Line
from flows.engine.screen import Screen
from storage.chat import conversations, outbox
from storage.chat.conversations import Conflict, Kept
from storage.chat.outbox import WORK, Parcel
from storage.office import sent_files

T = TypeVar("T")
ContextOf = Callable[[Connection, Made], TurnContext]

# Times that it begins again: what was made may be out of date by then, and of a form that is filled
# in at a desk each answer may lack something.
TRIES = 25
_LABEL, _BEGUN = "work", "work.begun"
_EVENTS = {event.__name__: event for event in get_args(PersonEvent)}


def prepared(engine: Engine, do: Callable[[Made], T]) -> T:
    """`do` is begun again each time it lacks something, with all that was made so far.

    Raises Conflict where what it needs becomes different again and again.
    """
    made: Made = {}
    for _ in range(TRIES):
        try:
            return do(made)
        except NotReady as lacks:
            with engine.connect().execution_options(reads=True) as connection:
                made[lacks.key] = lacks.make(connection)
    raise Conflict


def needed(engine: Engine, context_of: ContextOf, address: str, event: PersonEvent) -> Made:
    """All that takes long in this event's turn. Raises Conflict."""

    def tried(made: Made) -> Made:
        with engine.connect() as connection:  # what the turn writes is rolled back
            kept = conversations.load(connection, [address])[address]
            take(context_of(connection, made).turn(address, event), kept, event)
        return made

    return prepared(engine, tried)


def is_put_off(shown: Screen) -> bool:
    return [line.key for line in shown.body] == [_BEGUN]


def put_off(context: TurnContext, kept: Sequence[Kept], event: PersonEvent) -> Outcome:
    """The event is taken later; of one state of a conversation only one is."""
    here = kept[-1] if kept and kept[-1].conversation.is_open else None
    body: dict[str, object] = {"event": _sealed(context, event)}
    place = str(event.id)
    if here is not None:
        place = f"{here.conversation.id}:{here.revision}"
        body |= {"conversation": here.conversation.id, "revision": here.revision}
    if not context.can.only_answers:
        key = f"work:{context.address}:{place}"
        outbox.put(context.connection, key, WORK, context.address, body, event.at, event.id)
    return Outcome(sentence(Line(_BEGUN), language_of(context, here)))


def done(engine: Engine, context_of: ContextOf, parcel: Parcel) -> Screen | None:
    """What there is to show once the event was taken; None where nobody waits for it any more."""

    def once(made: Made) -> Screen | None:
        with engine.begin() as connection:
            context = context_of(connection, made)
            kept = conversations.load(connection, [parcel.address])[parcel.address]
            outcome = _resumed(context, kept, parcel)
            if outcome is None:
                return None
            keep(connection, [outcome])
            return outcome.screen

    return prepared(engine, once)


def failed(engine: Engine, context_of: ContextOf, parcel: Parcel) -> Screen:
    """What is said of work that failed too often: nothing of it was kept."""
    with engine.connect().execution_options(reads=True) as connection:
        kept = conversations.load(connection, [parcel.address])[parcel.address]
        here = kept[-1] if kept else None
        context = context_of(connection, {}).but(address=parcel.address)
        return sentence(Line("work.failed"), language_of(context, here))


def keep(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    """Write what turns leave behind. Raises Conflict."""
    conversations.delete_all(connection, [k for o in outcomes for k in o.deleted])
    conversations.save_all(connection, [k for o in outcomes for k in o.saved])
    conversations.insert_all(connection, [k for o in outcomes for k in o.inserted])


def _resumed(context: TurnContext, kept: Sequence[Kept], parcel: Parcel) -> Outcome | None:
    """The turn that was put off, if the conversation still stands where it did then."""
    event = _unsealed(context, parcel)
    if was := parcel.body.get("conversation"):
        here = next((each for each in kept if each.conversation.id == was), None)
        if here is None:
            return None  # cancelled, or another took its place
        is_there = here.conversation.is_open and here.revision == parcel.body["revision"]
        if not is_there and not here.conversation.knows(event.id):
            return Outcome(sentence(Line("work.moved"), here.conversation.language))
    if isinstance(event, Attached):
        sheets = sent_files.sheets(context.connection, parcel.address, event.file)
        if sheets is None:
            return Outcome(sentence(Line("unit.table.gone"), kept[-1].conversation.language))
        event = replace(event, table=sheets)
    return take(context.turn(parcel.address, event), kept, event)


def _sealed(context: TurnContext, event: PersonEvent) -> str:
    """It may hold a receipt or what somebody wrote; a table lies in its own place already."""
    if isinstance(event, Attached):
        event = replace(event, table=None)
    plain = json.dumps([type(event).__name__, asdict(event)]).encode()
    return context.vault.seal(plain, f"{_LABEL} {context.address}", context.random).hex()


def _unsealed(context: TurnContext, parcel: Parcel) -> PersonEvent:
    sealed = bytes.fromhex(parcel.body["event"])
    kind, fields = json.loads(context.vault.unseal(sealed, f"{_LABEL} {parcel.address}"))
    event: PersonEvent = _EVENTS[kind](**fields)
    return event
