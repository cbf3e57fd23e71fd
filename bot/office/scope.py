"""The scope, or the one unit, that a command of a head or an admin means."""

import hashlib

from bot.core.dialogue import Dialogue
from bot.core.turns.new_conversation import Begin
from bot.core.turns.turn_context import TurnContext
from flows.engine.conversation import Conversation
from flows.engine.events import Found, Told
from flows.engine.form import Line
from flows.office.scope import COMMAND, WHERE
from storage import units
from storage.office import permissions, roles
from storage.periods import CAPITAL
from storage.scope import EVERYTHING, Scope, agency
from storage.units import Unit

OFFERED = 20  # scopes that are offered without typing a name

Rows = list[dict[str, str]]


def which(context: TurnContext, command: str, said: str) -> Scope | Begin | Line:
    """The scope, the form that asks for it, or why there is none for this chat. Of a text that is
    a unit's code and an agency's name both are offered, where this chat may do it in both."""
    action = context.dialogues.action(command)
    held = permissions.scopes(context.connection, context.address, action)
    if not held:
        return refused(context)
    if said or len(held) == 1:
        meant = units.scopes_meant(context.connection, said or str(held[0]))
        held = [
            s for s in meant if permissions.may_in(context.connection, context.address, action, s)
        ]
        if not held:
            return Line("where.denied")
        if len(held) == 1 and (said or held[0].is_unit):
            return held[0]
    return _asked(command, [_row(context, command, scope) for scope in held[:OFFERED]])


def which_unit(context: TurnContext, command: str, said: str) -> Unit | Begin | Line:
    """… the unit: an agency's are offered one by one."""
    held = permissions.scopes(
        context.connection, context.address, context.dialogues.action(command)
    )
    scope = which(context, command, str(held[0]) if not said and len(held) == 1 else said)
    if not isinstance(scope, Scope):
        return scope
    if unit := unit_in(context, scope):
        return unit
    found = units.search(context.connection, "", scope, OFFERED)
    return _asked(command, [_unit_row(command, each) for each in found])


def allowed(context: TurnContext, command: str, talk: Conversation) -> Unit | Told:
    """The unit that a form is for, or that this chat may no longer do there what the form does."""
    unit, action = context.unit_of(talk), context.dialogues.action(command)
    if permissions.may(context.connection, context.address, action, unit):
        return unit
    return Told("of_unit.denied", {"unit": unit.name})


def refused(context: TurnContext) -> Line:
    """What is said to whoever may do it nowhere."""
    return Line("role.other" if roles.held(context.connection, context.address) else "role.none")


def found(context: TurnContext, conversation: Conversation, query: str) -> Found:
    """Units by a part of their name, in the scopes of this chat."""
    command = conversation.about[COMMAND]
    action = context.dialogues.action(command)
    held = permissions.scopes(context.connection, context.address, action)
    searched = (units.search(context.connection, query, scope) for scope in held)
    each_once = {unit.id: unit for found in searched for unit in found}
    rows = [_unit_row(command, unit) for unit in [*each_once.values()][: units.SHOWN]]
    if EVERYTHING in held:
        named = units.agencies(context.connection, query)
        rows += [_row(context, command, agency(name)) for name in named]
    return Found("scope", rows)


def zone_of(context: TurnContext, scope: Scope) -> str:
    """Whose clock counts: the unit's, else the capital's."""
    unit = unit_in(context, scope)
    return unit.timezone if unit else CAPITAL


def unit_in(context: TurnContext, scope: Scope) -> Unit | None:
    """The unit that a scope is; None of an agency, and of all."""
    return context.unit(scope.name) if scope.is_unit else None


def _asked(command: str, rows: Rows) -> Begin:
    name = Line(f"menu.{command[1:]}")
    return Begin("where", "1", name, command, about={COMMAND: command}, offered={"scope": rows})


def _row(context: TurnContext, command: str, scope: Scope) -> dict[str, str]:
    unit = unit_in(context, scope)
    if unit is not None:
        return _unit_row(command, unit)
    label = {"key": "role.everywhere"} if scope == EVERYTHING else {"label": scope.name}
    id = f"_{hashlib.sha256(str(scope).encode()).hexdigest()[:12]}"  # no unit's code has a "_"
    return {"id": id, "opening": f"{command} {scope}", **label}


def _unit_row(command: str, unit: Unit) -> dict[str, str]:
    return {"id": unit.code, "label": unit.name, "opening": f"{command} {unit.scope}"}


DIALOGUE = Dialogue(form=WHERE, looks={"where": found})
