"""`/peran`: who holds what in a scope; invitations and roles given, withdrawn and ended.

What is offered is read when the form begins, and asked again when it is written.
"""

from dataclasses import replace

from bot.core.dialogue import Dialogue
from bot.core.moments import day, minute
from bot.core.pseudonyms import OPERATOR, name_of, names
from bot.core.turns.new_conversation import Begin, only
from bot.core.turns.turn_context import TurnContext
from bot.office.people.invitation import scope_name
from bot.office.people.role_ending import end_role, withdraw
from bot.office.scope import Rows, which, zone_of
from flows.commands import ROLES
from flows.engine.conversation import Conversation
from flows.engine.events import Told
from flows.engine.form import Line, Value
from flows.engine.say import Words
from flows.engine.secret import Secret
from flows.loader import words
from flows.office.role_management import LISTED, ROLES_FORM
from storage.office import audit, holders, permissions, roles
from storage.office.roles import RoleName
from storage.scope import Scope, kept


def manage(context: TurnContext, said: str) -> Begin | Line:
    scope = which(context, ROLES, said)
    if not isinstance(scope, Scope):
        return scope
    spoken = words(context.language)
    name = spoken.line(scope_name(context, scope))
    given = permissions.gives(context.connection, context.address, scope)
    offered = _offered(context, scope, given, spoken)
    about, is_bare = {"scope": str(scope), "scope_name": name}, not offered[LISTED]
    return Begin(
        "roles",
        "1",
        Line("resume.roles"),
        f"{ROLES} {scope}",
        about=about,
        answers=only(do=offered["do"]) if is_bare else {},
        offered=offered,
        note=Line("roles.nobody", about) if is_bare else None,
    )


def _offered(
    context: TurnContext, scope: Scope, given: list[RoleName], spoken: Words
) -> dict[str, Rows]:
    held = holders.held_in(context.connection, scope)
    out = holders.invitations(context.connection, scope, context.at)
    zone = zone_of(context, scope)
    listed = [_holder_row(context, each, zone, spoken) for each in held]
    by = {each.by: context.vault.pseudonym(each.by) if each.by else OPERATOR for each in out}
    called = names(context.connection, by.values())
    invited = [
        _invitation_row(each, called[by[each.by]], zone, spoken)
        for each in out
        if each.role in given
    ]
    endable = [
        row
        for row, each in zip(listed, held, strict=True)
        if each.role in given and each.address != context.address
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
    context: TurnContext, held: holders.Holder, zone: str, spoken: Words
) -> dict[str, str]:
    pseudonym = context.vault.pseudonym(held.address)
    whose = "mine" if held.address == context.address else "held"
    role = spoken.line(Line(f"role.name.{held.role}"))
    since = day(held.since, zone, spoken)
    return {
        "id": f"{held.role}_{pseudonym}",
        "key": f"roles.{whose}",
        "role": role,
        "who": name_of(pseudonym, held.function),
        "since": since,
    }


def _invitation_row(
    invited: holders.Invitation, by: str, zone: str, spoken: Words
) -> dict[str, str]:
    role = spoken.line(Line(f"role.name.{invited.role}"))
    return {
        "id": invited.id,
        "key": "roles.invited",
        "role": f"{role} ({invited.function})" if invited.function else role,
        "by": by,
        "until": minute(invited.expires_at, zone, spoken),
    }


def change(context: TurnContext, conversation: Conversation, given: dict[str, Value]) -> Told:
    """Asked anew whether it may be: this chat's own role may have ended meanwhile."""
    scope = kept(conversation.about["scope"])
    holders.lock(context.connection, scope)
    may = permissions.gives(context.connection, context.address, scope)
    match given["do"]:
        case "invite":
            told = _invite(context, conversation, given, may)
        case "withdraw":
            told = _withdraw(context, scope, str(given["invitation"]), may)
        case "end":
            told = _end(context, scope, str(given["holder"]), may)
        case _:
            raise AssertionError(given["do"])
    if told.key == "roles.denied":
        return told
    again = {"id": "again", "key": "roles.again", "opening": f"{ROLES} {scope}"}
    return replace(told, rows=[*told.rows, again])


def _invite(
    context: TurnContext, conversation: Conversation, given: dict[str, Value], may: list[RoleName]
) -> Told:
    scope, function = kept(conversation.about["scope"]), _function(given["function"])
    for role in may:
        if role == given["role"]:
            token = roles.invite(
                context.connection,
                role,
                scope,
                context.at,
                context.random,
                context.address,
                function,
            )
            by, after = (context.by, {"role": role, "function": function})
            audit.note(context.connection, context.at, by, "invite", scope, after=after)
            spoken = words(conversation.language)
            how = "roles.link.type" if context.links.is_typed else "roles.link.send"
            said = {
                "role": spoken.line(Line(f"role.name.{role}")),
                "until": day(context.at + roles.VALID, zone_of(context, scope), spoken),
                "how": spoken.line(Line(how)),
            }
            links = Secret("\n".join(context.links.invitations(token)))
            return Told("roles.link", said, secrets={"link": links})
    return Told("roles.denied")


def _function(value: Value) -> str:
    return " ".join(value["text"].split()) if isinstance(value, dict) else ""


def _withdraw(context: TurnContext, scope: Scope, id: str, may: list[RoleName]) -> Told:
    invited = holders.invitation(context.connection, id=id)
    if invited is None or invited.scope != scope or invited.role not in may:
        return Told("roles.denied")
    return Told(withdraw(context, invited).key)


def _end(context: TurnContext, scope: Scope, chosen: str, may: list[RoleName]) -> Told:
    role, _, pseudonym = chosen.partition("_")
    if role not in may:
        return Told("roles.denied")
    for held in holders.held_in(context.connection, scope):
        if held.role == role and context.vault.pseudonym(held.address) == pseudonym:
            end_role(context, held)
            return Told("roles.ended", {"who": name_of(pseudonym, held.function)})
    return Told("roles.ended.already")


DIALOGUE = Dialogue(
    ROLES,
    ("/roles",),
    needs="give_roles",
    menu="roles",
    opens=manage,
    form=ROLES_FORM,
    writes=change,
)
