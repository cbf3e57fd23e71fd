"""`/peran`: who holds what in a scope; invitations and roles given, withdrawn and ended.

What is offered is read when the form begins, and asked again when it is written.
"""

from dataclasses import replace

from bot.core.links import invitation_link
from bot.core.moments import day, minute
from bot.core.new_conversation import Begin
from bot.core.pseudonyms import name_of
from bot.core.turn_context import Desk
from bot.office.invitation import scope_name
from bot.office.role_ending import end_role, withdraw
from bot.office.scope import Rows, which, zone_of
from flows.engine.conversation import Conversation
from flows.engine.events import Told
from flows.engine.form import Line, Value
from flows.engine.say import Words
from flows.engine.secret import Secret
from flows.intents import ROLES
from flows.loader import words
from flows.office.role_management import LISTED
from flows.role_opening import ManageRoles
from storage.office import audit, holders, permissions, roles
from storage.office.roles import RoleName
from storage.scope import Scope, kept


def manage(desk: Desk, address: str, opening: ManageRoles, at: int) -> Begin | Line:
    scope = which(desk, address, ROLES, opening.scope)
    if not isinstance(scope, Scope):
        return scope
    spoken = words(roles.language(desk.connection, address))
    name = spoken.line(scope_name(desk, scope))
    given = permissions.gives(desk.connection, address, scope)
    return Begin(
        "roles",
        "1",
        Line("resume.roles"),
        f"{ROLES} {scope}",
        about={"scope": str(scope), "scope_name": name},
        offered=_offered(desk, address, scope, given, at, spoken),
    )


def _offered(
    desk: Desk, address: str, scope: Scope, given: list[RoleName], at: int, spoken: Words
) -> dict[str, Rows]:
    held = holders.held_in(desk.connection, scope)
    out = holders.invitations(desk.connection, scope, at)
    zone = zone_of(desk, scope)
    listed = [_holder_row(desk, address, each, zone, spoken) for each in held]
    invited = [_invitation_row(desk, each, zone, spoken) for each in out if each.role in given]
    endable = [
        row
        for row, each in zip(listed, held, strict=True)
        if each.role in given and each.address != address
    ]
    can = [("invite", given), ("withdraw", invited), ("end", endable)]
    return {
        LISTED: [*listed, *invited],
        "do": [{"id": id, "key": f"roles.do.{id}"} for id, rows in can if rows],
        "role": [{"id": role, "key": f"role.name.{role}"} for role in given],
        "invitation": invited,
        "holder": endable,
    }


def _holder_row(
    desk: Desk, address: str, held: holders.Holder, zone: str, spoken: Words
) -> dict[str, str]:
    pseudonym = desk.vault.pseudonym(held.address)
    whose = "mine" if held.address == address else "held"
    role = spoken.line(Line(f"role.name.{held.role}"))
    since = day(held.since, zone, spoken)
    return {
        "id": f"{held.role}_{pseudonym}",
        "key": f"roles.{whose}",
        "role": role,
        "who": name_of(pseudonym),
        "since": since,
    }


def _invitation_row(
    desk: Desk, invited: holders.Invitation, zone: str, spoken: Words
) -> dict[str, str]:
    return {
        "id": invited.id,
        "key": "roles.invited",
        "role": spoken.line(Line(f"role.name.{invited.role}")),
        "by": name_of(desk.vault.pseudonym(invited.by) if invited.by else ""),
        "until": minute(invited.expires_at, zone, spoken),
    }


def change(
    desk: Desk, address: str, conversation: Conversation, given: dict[str, Value], at: int
) -> Told:
    """Asked anew whether it may be: this chat's own role may have ended meanwhile."""
    scope = kept(conversation.about["scope"])
    holders.lock(desk.connection, scope)
    may = permissions.gives(desk.connection, address, scope)
    match given["do"]:
        case "invite":
            told = _invite(desk, address, conversation, given["role"], may, at)
        case "withdraw":
            told = _withdraw(desk, address, scope, str(given["invitation"]), may, at)
        case "end":
            told = _end(desk, address, scope, str(given["holder"]), may, at)
        case _:
            raise AssertionError(given["do"])
    if told.key == "roles.denied":
        return told
    again = {"id": "again", "key": "roles.again", "opening": f"{ROLES} {scope}"}
    return replace(told, rows=[*told.rows, again])


def _invite(
    desk: Desk,
    address: str,
    conversation: Conversation,
    wanted: Value,
    may: list[RoleName],
    at: int,
) -> Told:
    scope = kept(conversation.about["scope"])
    for role in may:
        if role == wanted:
            token = roles.invite(desk.connection, role, scope, at, desk.random, address)
            by = desk.vault.pseudonym(address)
            audit.note(desk.connection, at, by, "invite", scope, after={"role": role})
            spoken = words(conversation.language)
            said = {
                "role": spoken.line(Line(f"role.name.{role}")),
                "until": day(at + roles.VALID, zone_of(desk, scope), spoken),
            }
            link = Secret(invitation_link(desk.bot, token))
            return Told("roles.link", said, secrets={"link": link})
    return Told("roles.denied")


def _withdraw(
    desk: Desk, address: str, scope: Scope, id: str, may: list[RoleName], at: int
) -> Told:
    invited = holders.invitation(desk.connection, id=id)
    if invited is None or invited.scope != scope or invited.role not in may:
        return Told("roles.denied")
    return Told(withdraw(desk, address, invited, at).key)


def _end(desk: Desk, address: str, scope: Scope, chosen: str, may: list[RoleName], at: int) -> Told:
    role, _, pseudonym = chosen.partition("_")
    if role not in may:
        return Told("roles.denied")
    for held in holders.held_in(desk.connection, scope):
        if held.role == role and desk.vault.pseudonym(held.address) == pseudonym:
            end_role(desk, address, held, at)
            return Told("roles.ended", {"who": name_of(pseudonym)})
    return Told("roles.ended.already")
