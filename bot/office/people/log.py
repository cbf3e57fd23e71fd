"""`/log`: who changed what in the scopes of this chat, the newest first, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from bot.core.dialogue import Dialogue
from bot.core.moments import minute
from bot.core.pseudonyms import names
from bot.core.turns.new_conversation import Said
from bot.core.turns.turn_context import TurnContext
from bot.office.people.invitation import scope_name
from bot.office.people.log_values import changes, people
from bot.office.scope import refused, zone_of
from flows.engine.form import Line, literal
from flows.engine.say import Words
from flows.loader import words
from storage.office import audit, permissions
from storage.office.audit import Entry
from storage.office.permissions import ALLOWED
from storage.scope import Scope

COMMAND = "/log"
PAGE = 8  # entries: a screenful
# What is logged besides the actions of `permissions`, and what one of those did where what is kept
# of it tells more.
MORE = (
    "add_counter",
    "end_counter",
    "issue_visits",
    "invite",
    "join",
    "withdraw_invitation",
    "end_role",
    "leave",
    "tell",
    "restore",
    "undo_import",
    "rotate_keys",
    "drop_keys",
    "publish",
    "announce",
)
TOLD_BY = {"sheet": "publish", "media": "announce"}


def read(context: TurnContext, said: str) -> Said | Line:
    """`said`: the entry above the first one shown; else from the newest."""
    held = permissions.scopes(context.connection, context.address, "read_log")
    if not held:
        return refused(context)
    is_one = said.isascii() and said.isdigit() and len(said) < 19  # what a database counts to
    before = int(said) if is_one else None
    found = audit.page(context.connection, held, PAGE + 1, before)
    if not found:
        return Line("log.empty")
    reader = Reader.of(context, held, found, words(context.language))
    shown = tuple(literal(reader.sentence(entry)) for entry in found[:PAGE])
    older = ((Line("log.older"), f"{COMMAND} {found[PAGE - 1].id}"),) if len(found) > PAGE else ()
    return Said((Line("log"), *shown), older)


def did(entry: Entry, spoken: Words) -> str:
    """What was done, such as "mengubah pertanyaan"."""
    said = {**(entry.before or {}), **(entry.after or {})}
    action = next((told for field, told in TOLD_BY.items() if field in said), entry.action)
    known = action in ALLOWED or action in MORE
    return spoken.line(Line(f"log.{action}")) if known else action


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever reads the log, and in which language."""

    context: TurnContext
    scopes: list[Scope]
    words: Words
    called: Mapping[str, str]  # `bot.core.pseudonyms.names` of all who are told of

    @classmethod
    def of(
        cls, context: TurnContext, scopes: list[Scope], entries: Sequence[Entry], words: Words
    ) -> Self:
        """… of these entries."""
        return cls(context, scopes, words, names(context.connection, people(entries)))

    def sentence(self, entry: Entry) -> str:
        """Such as "26 Nov 14.02 · A3F19C · mengubah pertanyaan, Samsat Batam Centre: …"."""
        when = minute(entry.at, zone_of(self.context, entry.scope), self.words)
        what = did(entry, self.words)
        if self.scopes != [entry.scope]:
            what += f", {self.words.line(scope_name(self.context, entry.scope))}"
        said = "; ".join(changes(entry, self.words, self.called))
        if entry.before and not entry.after and entry.action in ALLOWED:
            said = self.words.line(Line("log.gone", {"what": said}))
        return f"{when} · {self._who(entry.by)} · {what}" + (f": {said}" if said else "")

    def _who(self, pseudonym: str) -> str:
        who = self.called[pseudonym]
        if pseudonym != self.context.vault.pseudonym(self.context.address):
            return who
        return self.words.line(Line("log.you", {"who": who}))


DIALOGUE = Dialogue(COMMAND, needs="read_log", menu="roles", opens=read)
