"""The command that is meant by words without a stroke."""

from collections.abc import Collection
from itertools import pairwise

from bot.core.turns.turn_context import TurnContext
from bot.dialogues import DIALOGUES
from bot.office.menu import of_roles
from flows.commands import HELP
from flows.engine.events import Typed
from flows.engine.hear import LONG
from flows.engine.say import Words
from flows.engine.typed_words import tokens

ROUND = " \n.,!?\"'()"  # what may stand round a name


def command_said(
    context: TurnContext, event: Typed, spoken: Words, *, searches: bool, is_left: bool
) -> str:
    """The command that is called so, of those that this chat is offered; "" for none. `searches`:
    nothing is open but, at most, the search for a unit. Nobody asks a head which unit was
    visited. `is_left`: what is open is left for another command."""
    named, said = DIALOGUES.called(event.text.strip(ROUND))
    if not named and len(event.text) <= LONG:
        polite, behind = DIALOGUES.called(" ".join(spoken.bare(event.text)))
        named = "" if behind else polite
    if named in DIALOGUES.everybody:
        return f"{named} {said}".strip()
    mine = of_roles(context.connection, context.address) if named or is_left else []
    if named in mine:
        return f"{named} {said}".strip()
    if not (is_left and mine):
        return ""
    meant = _of_words(event.text, spoken, mine)
    return meant or (_help_for(context, event.text, spoken) if searches else "")


def _of_words(text: str, spoken: Words, mine: Collection[str]) -> str:
    """What somebody who has a role wants by free words: "nilai kantor saya berapa?" is /ringkasan,
    "buat tindak lanjut dong" is /tindaklanjut; "" where they name none, or two."""
    other = dict(pair.split("=") for pair in spoken.listed("heard.commands"))
    said = [word.removesuffix("nya") for word in tokens(text)]
    names = [*(other.get(word, word) for word in said), *map(" ".join, pairwise(said))]
    found = {DIALOGUES.called(name)[0] for name in names} & {*mine}
    return found.pop() if len(found) == 1 else ""


def _help_for(context: TurnContext, text: str, spoken: Words) -> str:
    """The list of what there is, unless the words name a unit."""
    said = tokens(text)
    name = " ".join(word for word in said if word not in spoken.fillers)
    return "" if name and context.places().like(name, 1) else HELP
