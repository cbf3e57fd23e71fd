"""A role ends: given up (`/keluar`), ended by whoever may give it, or at once from the message that
says that an invitation was used (`/cabut`)."""

from bot.core.dialogue import Dialogue
from bot.core.pseudonyms import name, name_of
from bot.core.sending.notices import notify
from bot.core.turns.new_conversation import Begin
from bot.core.turns.turn_context import TurnContext
from bot.office.command_list import refresh
from bot.office.people.invitation import scope_name
from flows.commands import END_INVITED, LEAVE, ROLES
from flows.engine.conversation import Conversation
from flows.engine.events import Told
from flows.engine.form import Line, Value
from flows.loader import words
from flows.office.role_management import LAST, LEAVE_FORM
from storage.office import audit, holders, permissions, roles
from storage.office.holders import Holder, Invitation
from storage.scope import EVERYTHING, Scope, agency, kept
from storage.units import Unit


def end_role(context: TurnContext, held: Holder) -> None:
    """Ended by another: the unused invitations that they may not give any more go with it, and they
    are told. The scope is locked (`holders.lock`)."""
    holders.end(context.connection, held.address, held.role, held.scope)
    _withdraw_all(context, held.address)
    refresh(context.connection, held.address, context.at)
    by, of = context.by, context.vault.pseudonym(held.address)
    was = {"role": held.role, "of": of}
    audit.note(context.connection, context.at, by, "end_role", held.scope, before=was)
    role = Line(f"data.role.{held.role}", {"scope": scope_name(context, held.scope)})
    line = Line("role.ended", {"role": role, "by": name(context.connection, by)})
    key = f"ended:{of}:{held.role}:{held.scope}:{context.at}"
    notify(context.connection, key, held.address, line, context.at)
    _tell_if_headless(context, held.role, held.scope)


def _withdraw_all(context: TurnContext, address: str) -> int:
    """The unused invitations that a chat gave and may not give any more; how many."""
    return sum(
        holders.withdraw(context.connection, out.id, context.at)
        for out in holders.given_by(context.connection, address, context.at)
        if not permissions.is_backed(context.connection, out)
    )


def end_invited(context: TurnContext, invitation: str) -> Line:
    """An invitation by its id, or the role that came of it: ended by whoever may give such one."""
    invited = holders.invitation(context.connection, id=invitation)
    if invited is None:
        return Line("roles.cut.old")
    holders.lock(context.connection, invited.scope)
    if invited.role not in permissions.gives(context.connection, context.address, invited.scope):
        return Line("roles.denied")
    if not invited.used_by:
        return withdraw(context, invited)
    for held in holders.held_in(context.connection, invited.scope):
        if (held.address, held.role) == (invited.used_by, invited.role):
            end_role(context, held)
            who = name_of(context.vault.pseudonym(held.address), held.function)
            return Line("roles.ended", {"who": who})
    return Line("roles.ended.already")


def withdraw(context: TurnContext, invited: Invitation) -> Line:
    if not holders.withdraw(context.connection, invited.id, context.at):
        return Line("roles.withdrawn.late")
    by, was = context.by, invited.logged
    audit.note(context.connection, context.at, by, "withdraw_invitation", invited.scope, before=was)
    return Line("roles.withdrawn")


def leave(context: TurnContext, said: str) -> Begin | Line:
    held = roles.held(context.connection, context.address)
    if not held:
        return Line("leave.nothing")
    rows = [_row(context, number, each) for number, each in enumerate(held)]
    return Begin(
        "leave",
        "1",
        Line("resume.leave"),
        LEAVE,
        answers={"role": rows[0]["id"]} if len(rows) == 1 else {},
        offered={"role": rows},
    )


def _row(context: TurnContext, number: int, held: roles.Held) -> dict[str, str]:
    spoken = words(context.language)
    row = {"id": str(number), "key": f"data.role.{held.role}", "role": held.role}
    row |= {"scope": spoken.line(scope_name(context, held.scope)), "of": str(held.scope)}
    others = [each for each in _heads(context, held.scope) if each.address != context.address]
    return row if held.role != "head" or others else {**row, LAST: "yes"}


def left(context: TurnContext, conversation: Conversation, given: dict[str, Value]) -> Told:
    (row,) = (row for row in conversation.offered["role"] if row["id"] == given["role"])
    role, scope = row["role"], kept(row["of"])
    holders.lock(context.connection, scope)
    if not holders.end(context.connection, context.address, role, scope):
        return Told("roles.ended.already")
    # Else whoever is about to be ended leaves first.
    gone = _withdraw_all(context, context.address)
    refresh(context.connection, context.address, context.at)
    by = context.by
    audit.note(context.connection, context.at, by, "leave", scope, before={"role": role})
    _tell_if_headless(context, role, scope)
    return Told("leave.done.withdrawn", {"count": str(gone)}) if gone else Told("leave.done")


def _tell_if_headless(context: TurnContext, role: str, scope: Scope) -> None:
    """Where the last head of a unit has gone, the admins above it learn that nobody gets its
    digest."""
    unit = context.unit(scope.name) if scope.is_unit else None
    if role != "head" or unit is None or _heads(context, scope):
        return
    line = Line("role.headless", {"unit": unit.name})
    offer = (Line("role.headless.invite"), f"{ROLES} {unit.scope}")
    for admin in _admins_above(context, unit):
        key = f"headless:{unit.code}:{admin}:{context.at}"
        notify(context.connection, key, admin, line, context.at, offer)


def _admins_above(context: TurnContext, unit: Unit) -> list[str]:
    """Of the unit or its agency; where there is none, the national ones."""
    for scopes in ((unit.scope, agency(unit.agency)), (EVERYTHING,)):
        held = [each for scope in scopes for each in holders.held_in(context.connection, scope)]
        found = {each.address for each in held if each.role == "admin"}
        if found:
            return sorted(found)
    return []


def _heads(context: TurnContext, scope: Scope) -> list[Holder]:
    return [each for each in holders.held_in(context.connection, scope) if each.role == "head"]


DIALOGUES = (
    Dialogue(LEAVE, ("/leave",), menu="roles", opens=leave, form=LEAVE_FORM, writes=left),
    Dialogue(END_INVITED, typed=False, opens=end_invited),
)
