"""Roles in the web console, and invitations to them: what /peran does, at a desk.

Given by a link that opens in the chat; the link is shown once, where it was made.
"""

from collections.abc import Iterator

from bot.core.moments import day, minute
from bot.core.pseudonyms import OPERATOR, name, name_of
from bot.core.turns.turn_context import TurnContext
from bot.office.people.invitation import scope_name
from bot.office.scope import zone_of
from bot.web.console.fields import CREATED, LISTED, choice, field, place
from bot.web.console.form_filling import fill, said
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

    def rows(self, context: TurnContext, text: str, most: int = LOOKED_AT) -> list[Row]:
        found = self._scopes(context, text, most)
        return [row for scope in found for row in self.of_scope(context, scope)]

    def one(self, context: TurnContext, id: str) -> Row | None:
        rows = self.of_scope(context, kept(id.partition("~")[0]))
        return next((row for row in rows if row.id == id), None)

    def of_scope(self, context: TurnContext, scope: Scope) -> list[Row]:
        """Of the roles that whoever asks may give there."""
        raise NotImplementedError

    def _scopes(self, context: TurnContext, text: str, most: int) -> Iterator[Scope]:
        """Their own first, then agencies and units below, with these words in their name."""
        connection = context.connection
        held = self.scopes(context)
        above = [scope for scope in held if not scope.is_unit]
        if EVERYTHING in held:
            above += map(agency, units.agencies(connection, text, most))
        named = [scope for scope in above if text.casefold() in self._name(context, scope)]
        yield from dict.fromkeys(
            [*named, *(unit.scope for unit in self.units(context, text, most))]
        )

    def _name(self, context: TurnContext, scope: Scope) -> str:
        return said(scope_name(context, scope)).casefold()


class Roles(OfScopes):
    key = "roles"
    fields = (
        field("who"), field("role"), field("function"), field("scope"), field("held_since"),
    )  # fmt: skip

    def of_scope(self, context: TurnContext, scope: Scope) -> list[Row]:
        may = permissions.gives(context.connection, context.address, scope)
        where, zone = said(scope_name(context, scope)), zone_of(context, scope)
        rows = []
        for held in holders.held_in(context.connection, scope):
            if held.role in may:
                of = context.vault.pseudonym(held.address)
                mine = of == context.by
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

    def end(self, context: TurnContext, row: Row) -> Line:
        scope, _, holder = row.id.partition("~")
        given = {"do": "end", "holder": holder, "sure": "yes"}
        return fill(context, f"{COMMAND} {scope}", given, "roles.ended")


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

    def of_scope(self, context: TurnContext, scope: Scope) -> list[Row]:
        may = permissions.gives(context.connection, context.address, scope)
        where, zone = said(scope_name(context, scope)), zone_of(context, scope)
        return [
            Row(
                id=f"{scope}~{out.id}",
                titled=f"{said(Line(f'role.name.{out.role}'))}, {where}",
                role=out.role,
                function=out.function or None,
                scope=where,
                invited_by=_inviter(context, out),
                until=minute(out.expires_at, zone, words("id")),
            )
            for out in holders.invitations(context.connection, scope, context.at)
            if out.role in may
        ]

    def add(self, context: TurnContext, data: Data) -> Line:
        given = {"do": "invite", "role": str(data["role"]), "function": data["function"] or ""}
        return fill(context, f"{COMMAND} {data['invite_to']}", given, "roles.link")

    def end(self, context: TurnContext, row: Row) -> Line:
        scope, _, invitation = row.id.partition("~")
        given = {"do": "withdraw", "invitation": invitation}
        return fill(context, f"{COMMAND} {scope}", given, "roles.withdrawn")


def _inviter(context: TurnContext, out: Invitation) -> str:
    return name(context.connection, context.vault.pseudonym(out.by)) if out.by else OPERATOR
