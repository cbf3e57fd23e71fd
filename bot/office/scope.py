"""The scope that a command of a head or an admin means."""

import hashlib

from bot.core.dialogue import Dialogue
from bot.core.new_conversation import Begin
from bot.core.turn_context import TurnContext
from flows.engine.conversation import Conversation
from flows.engine.events import Found
from flows.engine.form import Line
from flows.office.scope import COMMAND, WHERE
from storage import scope as scopes
from storage import units
from storage.office import permissions, roles
from storage.scope import EVERYTHING, Scope

CAPITAL = "Asia/Jakarta"
OFFERED = 20  # scopes that are offered without typing a name

Rows = list[dict[str, str]]


def which(context: TurnContext, address: str, command: str, said: str) -> Scope | Begin | Line:
    """The scope, the form that asks for it, or why there is none for this chat. Of a text that is
    a unit's code and an agency's name both are offered, where this chat may do it in both."""
    action = context.dialogues.action(command)
    held = permissions.scopes(context.connection, address, action)
    if not held:
        return refused(context, address)
    if said or len(held) == 1:
        meant = _meant(context, said or str(held[0]))
        held = [s for s in meant if permissions.may_in(context.connection, address, action, s)]
        if not held:
            return Line("where.denied")
        if len(held) == 1 and (said or held[0].is_unit):
            return held[0]
    rows = [_row(context, command, scope) for scope in held[:OFFERED]]
    name = Line(f"menu.{command[1:]}")
    return Begin("where", "1", name, command, about={COMMAND: command}, offered={"scope": rows})


def refused(context: TurnContext, address: str) -> Line:
    """What is said to whoever may do it nowhere."""
    return Line("role.other" if roles.held(context.connection, address) else "role.none")


def found(
    context: TurnContext, address: str, conversation: Conversation, query: str, at: int
) -> Found:
    """Units by a part of their name, in the scopes of this chat."""
    command = conversation.about[COMMAND]
    action = context.dialogues.action(command)
    held = permissions.scopes(context.connection, address, action)
    searched = (units.search(context.connection, query, scope) for scope in held)
    each_once = {unit.id: unit for found in searched for unit in found}
    rows = [_unit_row(command, unit) for unit in [*each_once.values()][: units.SHOWN]]
    if EVERYTHING in held:
        named = units.agencies(context.connection, query)
        rows += [_row(context, command, scopes.agency(name)) for name in named]
    return Found("scope", rows)


def _meant(context: TurnContext, said: str) -> list[Scope]:
    """The scopes that a text may mean, as they are kept; none where there is no such unit or
    agency."""
    spelled = scopes.written(said)
    if spelled == EVERYTHING:
        return [EVERYTHING]
    kind, name = (spelled.kind, spelled.name) if spelled else ("", said)
    unit = None if kind == "agency" else context.unit(name)
    found = [unit.scope] if unit else []
    if kind != "unit":
        alike, wanted = units.agencies(context.connection, name), name.casefold().split()
        agency = next((each for each in alike if each.casefold().split() == wanted), None)
        found += [scopes.agency(agency)] if agency else []
    return found


def zone_of(context: TurnContext, scope: Scope) -> str:
    """Whose clock counts: the unit's, else the capital's."""
    unit = unit_of(context, scope)
    return unit.timezone if unit else CAPITAL


def unit_of(context: TurnContext, scope: Scope) -> units.Unit | None:
    """The unit that a scope is; None of an agency, and of all."""
    return context.unit(scope.name) if scope.is_unit else None


def _row(context: TurnContext, command: str, scope: Scope) -> dict[str, str]:
    unit = unit_of(context, scope)
    if unit is not None:
        return _unit_row(command, unit)
    label = {"key": "role.everywhere"} if scope == EVERYTHING else {"label": scope.name}
    id = f"_{hashlib.sha256(str(scope).encode()).hexdigest()[:12]}"  # no unit's code has a "_"
    return {"id": id, "opening": f"{command} {scope}", **label}


def _unit_row(command: str, unit: units.Unit) -> dict[str, str]:
    return {"id": unit.code, "label": unit.name, "opening": f"{command} {unit.scope}"}


DIALOGUE = Dialogue(form=WHERE, looks={"where": found})
