"""The command that is meant by words without a stroke."""

from collections.abc import Collection

from bot.core.turns.turn_context import TurnContext
from bot.dialogues import DIALOGUES
from bot.office.menu import of_roles
from flows.commands import HELP
from flows.engine.events import Typed
from flows.engine.hear import LONG
from flows.engine.say import Words
from flows.engine.typed_words import tokens


def command_said(
    context: TurnContext,
    address: str,
    event: Typed,
    word: str,
    spoken: Words,
    *,
    searches: bool,
) -> str:
    """The command that is called so, of those that this chat is offered; "" for none. `searches`:
    nothing is open but, at most, the search for a unit. Nobody asks a head which unit was
    visited."""
    named, said = DIALOGUES.called(word)
    if not named and len(event.text) <= LONG:
        polite, behind = DIALOGUES.called(" ".join(spoken.bare(event.text)))
        named = "" if behind else polite
    if named in DIALOGUES.everybody:
        return f"{named} {said}".strip()
    mine = of_roles(context.connection, address) if named or searches else []
    if named in mine:
        return f"{named} {said}".strip()
    return _of_words(context, event.text, spoken, mine) if searches and mine else ""


def _of_words(context: TurnContext, text: str, spoken: Words, mine: Collection[str]) -> str:
    """What somebody who has a role wants by free words: "nilai kantor saya berapa?" is /ringkasan.
    Of words that name neither a command nor a unit it is the list of what there is; "": a unit."""
    other = dict(pair.split("=") for pair in spoken.listed("heard.commands"))
    said = tokens(text)
    found = {DIALOGUES.called(other.get(word, word))[0] for word in said} & {*mine}
    if len(found) == 1:
        return found.pop()
    name = " ".join(word for word in said if word not in spoken.fillers)
    return "" if name and context.places().like(name, 1) else HELP
