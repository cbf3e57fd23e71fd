"""The one unit that a command of a head or an admin means: an agency's are offered one by one."""

from bot.core.new_conversation import Begin
from bot.core.turn_context import TurnContext
from bot.office.scope import OFFERED, which
from bot.office.scope import unit_of as of_scope
from flows.engine.conversation import Conversation
from flows.engine.form import Line
from flows.office.scope import COMMAND
from storage import units
from storage.office import permissions
from storage.scope import Scope
from storage.units import Unit

OF_UNIT = "of_unit"  # in `about`: the code of the unit that a form is for


def which_unit(context: TurnContext, address: str, command: str, said: str) -> Unit | Begin | Line:
    """The unit, the form that asks for it, or why there is none for this chat."""
    action = context.dialogues.action(command)
    held = permissions.scopes(context.connection, address, action)
    scope = which(context, address, command, str(held[0]) if not said and len(held) == 1 else said)
    if not isinstance(scope, Scope):
        return scope
    unit = of_scope(context, scope)
    return unit or _one_of(context, command, scope)


def allowed(context: TurnContext, address: str, command: str, talk: Conversation) -> Unit | None:
    """The unit that a form is for, if this chat may still do there what the form does."""
    unit, action = unit_of(context, talk), context.dialogues.action(command)
    return unit if permissions.may(context.connection, address, action, unit) else None


def unit_of(context: TurnContext, talk: Conversation) -> Unit:
    unit = context.unit(talk.about[OF_UNIT])
    assert unit is not None, "units are never deleted"
    return unit


def _one_of(context: TurnContext, command: str, scope: Scope) -> Begin:
    found = units.search(context.connection, "", scope, OFFERED)
    rows = [
        {"id": unit.code, "label": unit.name, "opening": f"{command} {unit.scope}"}
        for unit in found
    ]
    name = Line(f"menu.{command[1:]}")
    return Begin("where", "1", name, command, about={COMMAND: command}, offered={"scope": rows})
