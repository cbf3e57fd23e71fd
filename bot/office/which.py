"""The scope that a command of a head or an admin means: a unit's code, an agency's name, or "*"."""

import hashlib

from bot.begin import Begin
from bot.desk import Desk
from bot.office.menu import MENU
from flows.conversation import Conversation
from flows.events import Found
from flows.form import Line
from flows.office.where import COMMAND
from storage import units
from storage.office import permissions, roles

CAPITAL = "Asia/Jakarta"
OFFERED = 20  # scopes that are offered without typing a name

Rows = list[dict[str, str]]


def which(desk: Desk, address: str, command: str, said: str) -> str | Begin | Line:
    """The scope, the form that asks for it, or why there is none for this chat."""
    action = MENU[command]
    assert action is not None, f"{command} belongs to no action"
    held = permissions.scopes(desk.connection, address, action)
    if not held:
        return refused(desk, address)
    if said or len(held) == 1:
        scope = _named(desk, said or held[0])
        if scope is None or not permissions.may_in(desk.connection, address, action, scope):
            return Line("where.denied")
        if said or desk.unit(scope):
            return scope
    rows = [_row(desk, command, scope) for scope in held[:OFFERED]]
    name = Line(f"menu.{command[1:]}")
    return Begin("where", "1", name, command, about={COMMAND: command}, offered={"scope": rows})


def refused(desk: Desk, address: str) -> Line:
    """What is said to whoever may do it nowhere."""
    return Line("role.other" if roles.held(desk.connection, address) else "role.none")


def found(desk: Desk, address: str, conversation: Conversation, query: str, at: int) -> Found:
    """Units by a part of their name, in the scopes of this chat."""
    command = conversation.about[COMMAND]
    action = MENU[command]
    assert action is not None, f"{command} belongs to no action"
    held = permissions.scopes(desk.connection, address, action)
    searched = (units.search(desk.connection, query, scope) for scope in held)
    each_once = {unit.id: unit for found in searched for unit in found}
    rows = [_unit_row(command, unit) for unit in [*each_once.values()][: units.SHOWN]]
    if roles.EVERYWHERE in held:
        rows += [_row(desk, command, name) for name in units.agencies(desk.connection, query)]
    return Found("scope", rows)


def _named(desk: Desk, said: str) -> str | None:
    """A scope as it is kept; None where there is no such unit or agency."""
    unit = desk.unit(said)
    if unit is not None:
        return unit.code
    if said == roles.EVERYWHERE:
        return said
    alike, wanted = units.agencies(desk.connection, said), said.casefold().split()
    return next((each for each in alike if each.casefold().split() == wanted), None)


def zone_of(desk: Desk, scope: str) -> str:
    """Whose clock counts: the unit's, else the capital's."""
    unit = desk.unit(scope)
    return unit.timezone if unit else CAPITAL


def _row(desk: Desk, command: str, scope: str) -> dict[str, str]:
    unit = desk.unit(scope)
    if unit is not None:
        return _unit_row(command, unit)
    label = {"key": "role.everywhere"} if scope == roles.EVERYWHERE else {"label": scope}
    id = f"_{hashlib.sha256(scope.encode()).hexdigest()[:12]}"  # no unit's code has a "_"
    return {"id": id, "opening": f"{command} {scope}", **label}


def _unit_row(command: str, unit: units.Unit) -> dict[str, str]:
    return {"id": unit.code, "label": unit.name, "opening": f"{command} {unit.code}"}
