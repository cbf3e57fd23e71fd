"""The audit log in the web console, in the words of /log, page by page."""

from collections.abc import Mapping, Sequence

from bot.core.moments import day, minute
from bot.core.pseudonyms import names
from bot.core.turns.turn_context import TurnContext
from bot.office.people.invitation import scope_name
from bot.office.people.log import did
from bot.office.people.log_values import changes, people
from bot.office.scope import zone_of
from bot.web.console.fields import field
from bot.web.console.form_filling import said
from bot.web.console.table import Row, Table
from flows.loader import words
from storage.office import audit
from storage.office.audit import Entry

DIGITS = 19  # of a number that both databases hold


class Log(Table):
    key = "log"
    action = "read_log"
    by_unit = False
    fields = (field("at"), field("who"), field("did"), field("scope"), field("changes"))

    def page(self, context: TurnContext, text: str, skip: int, most: int) -> Sequence[Row]:
        found = audit.page(context.connection, self.scopes(context), skip + most)[skip:]
        called = names(context.connection, people(found))
        return [_row(context, entry, called) for entry in found]

    def number(self, context: TurnContext, text: str) -> int:
        return audit.number(context.connection, self.scopes(context))

    def one(self, context: TurnContext, id: str) -> Row | None:
        if not (id.isascii() and id.isdecimal() and len(id) < DIGITS):
            return None
        found = audit.page(context.connection, self.scopes(context), 1, int(id) + 1)
        called = names(context.connection, people(found))
        return next((_row(context, entry, called) for entry in found if str(entry.id) == id), None)


def _row(context: TurnContext, entry: Entry, called: Mapping[str, str]) -> Row:
    zone, spoken = zone_of(context, entry.scope), words("id")
    clock = minute(entry.at, zone, spoken).rpartition(" ")[2]
    return Row(
        id=str(entry.id),
        titled=did(entry, spoken),
        at=f"{day(entry.at, zone, spoken)} {clock}",
        who=called[entry.by],
        did=did(entry, spoken),
        scope=said(scope_name(context, entry.scope)),
        changes="; ".join(changes(entry, spoken, called)) or None,
    )
