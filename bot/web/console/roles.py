"""Roles in the web console, and invitations to them: what /peran does, at a desk.

Given by a link that opens in the chat; the link is shown once, where it was made.
"""

from collections.abc import Iterator

from bot.core.moments import day, minute
from bot.core.pseudonyms import OPERATOR, name, name_of
from bot.office.people.invitation import scope_name
from bot.office.scope import zone_of
from bot.web.console.fields import CREATED, LISTED, choice, field, place
from bot.web.console.form_filling import fill, said
from bot.web.console.session import ConsoleRequest
from bot.web.console.table import LOOKED_AT, Data, Row, Table
from flows.commands import ROLES as COMMAND
from flows.engine.form import Line
from flows.loader import words
from storage import units
from storage.office import holders, permissions
from storage.office.holders import Invitation
from storage.office.roles import ROLES
from storage.scope import EVERYTHING, Scope, agency, kept

NAMES = [(role, said(Line(f"role.name.{role}"))) for role in ROLES]


class OfScopes(Table):
    """Rows of whatever scope somebody may give roles in: units, agencies, all."""

    action = "give_roles"
    ends = True
    searchable_fields = ("scope",)

    def rows(self, console: ConsoleRequest, text: str, most: int = LOOKED_AT) -> list[Row]:
        found = self._scopes(console, text, most)
        return [row for scope in found for row in self.of_scope(console, scope)]

    def one(self, console: ConsoleRequest, id: str) -> Row | None:
        rows = self.of_scope(console, kept(id.partition("~")[0]))
        return next((row for row in rows if row.id == id), None)

    def of_scope(self, console: ConsoleRequest, scope: Scope) -> list[Row]:
        """Of the roles that whoever asks may give there."""
        raise NotImplementedError

    def _scopes(self, console: ConsoleRequest, text: str, most: int) -> Iterator[Scope]:
        """Their own first, then agencies and units below, with these words in their name."""
        connection = console.context.connection
        held = self.scopes(console)
        above = [scope for scope in held if not scope.is_unit]
        if EVERYTHING in held:
            above += map(agency, units.agencies(connection, text, most))
        named = [scope for scope in above if text.casefold() in self._name(console, scope)]
        yield from dict.fromkeys(
            [*named, *(unit.scope for unit in self.units(console, text, most))]
        )

    def _name(self, console: ConsoleRequest, scope: Scope) -> str:
        return said(scope_name(console.context, scope)).casefold()


class Roles(OfScopes):
    key = "roles"
    fields = (
        field("who"), field("role"), field("function"), field("scope"), field("held_since"),
    )  # fmt: skip

    def of_scope(self, console: ConsoleRequest, scope: Scope) -> list[Row]:
        context = console.context
        may = permissions.gives(context.connection, console.address, scope)
        where, zone = said(scope_name(context, scope)), zone_of(context, scope)
        rows = []
        for held in holders.held_in(context.connection, scope):
            if held.role in may:
                of = context.vault.pseudonym(held.address)
                mine = of == console.by
                who = said(Line("log.you", {"who": name_of(of)})) if mine else name_of(of)
                role = said(Line(f"role.name.{held.role}"))
                rows.append(Row(
                    id=f"{scope}~{held.role}_{of}",
                    titled=f"{who}, {role}, {where}",
                    who=who,
                    role=role,
                    function=held.function or None,
                    scope=where,
                    held_since=day(held.since, zone, words("id")),
                    fixed=mine,
                ))  # fmt: skip
        return rows

    def end(self, console: ConsoleRequest, row: Row) -> Line:
        scope, _, holder = row.id.partition("~")
        given = {"do": "end", "holder": holder, "sure": "yes"}
        return fill(console, f"{COMMAND} {scope}", given, "roles.ended")


class Invitations(OfScopes):
    key = "invitations"
    creates = True
    fields = (
        place("invite_to", hint="scope", **CREATED),
        choice("role", NAMES, required=True),
        field("function", hint="function"),
        field("scope", **LISTED),
        field("invited_by", **LISTED),
        field("until", **LISTED),
    )

    def of_scope(self, console: ConsoleRequest, scope: Scope) -> list[Row]:
        context = console.context
        may = permissions.gives(context.connection, console.address, scope)
        where, zone = said(scope_name(context, scope)), zone_of(context, scope)
        return [
            Row(
                id=f"{scope}~{out.id}",
                titled=f"{said(Line(f'role.name.{out.role}'))}, {where}",
                role=out.role,
                function=out.function or None,
                scope=where,
                invited_by=_inviter(console, out),
                until=minute(out.expires_at, zone, words("id")),
            )
            for out in holders.invitations(context.connection, scope, console.at)
            if out.role in may
        ]

    def add(self, console: ConsoleRequest, data: Data) -> Line:
        given = {"do": "invite", "role": str(data["role"]), "function": data["function"] or ""}
        return fill(console, f"{COMMAND} {data['invite_to']}", given, "roles.link")

    def end(self, console: ConsoleRequest, row: Row) -> Line:
        scope, _, invitation = row.id.partition("~")
        given = {"do": "withdraw", "invitation": invitation}
        return fill(console, f"{COMMAND} {scope}", given, "roles.withdrawn")


def _inviter(console: ConsoleRequest, out: Invitation) -> str:
    context = console.context
    return name(context.connection, context.vault.pseudonym(out.by)) if out.by else OPERATOR
