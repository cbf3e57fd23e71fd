"""The commands that a chat's roles give it, as `/bantuan` and the channel's own menu button show
them. Which there are: `bot.dialogues`."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection

from bot.core.channel import CommandList
from bot.core.turns.turn_context import TurnContext
from bot.dialogues import DIALOGUES
from flows.engine.events import Attached, PersonEvent
from flows.engine.form import Line
from flows.engine.input_parsing import TABLES
from flows.engine.say import Words
from flows.engine.screen import Screen
from flows.loader import words
from storage.office import permissions, roles


def of_roles(connection: Connection, address: str) -> list[str]:
    """The commands that this chat's roles give, in order."""
    if not roles.held(connection, address):
        return []
    may = {None, *permissions.actions(connection, address)}
    return [command for command, action in DIALOGUES.menu.items() if action in may]


def listed(commands: Iterable[str], spoken: Words) -> tuple[tuple[str, str], ...]:
    """Each without its stroke, and what it does."""
    return tuple((each[1:], spoken.line(_does(each))) for each in commands)


def own(connection: Connection, address: str) -> CommandList:
    """What stands behind the menu button of this chat. Empty: what everybody is shown."""
    commands = of_roles(connection, address)
    if not commands:
        return CommandList(())
    spoken = words(roles.language(connection, address))
    return CommandList(listed((*commands, *DIALOGUES.everybody), spoken))


def with_commands(context: TurnContext, shown: Screen) -> Screen:
    """A screen that helps, and above the help what this chat may do by its roles."""
    commands = of_roles(context.connection, context.address)
    if not commands:
        return shown
    lines = (Line("menu"), *map(_command, commands))
    if shown.conversation:
        return replace(shown, notes=(*lines, *shown.notes))
    return replace(shown, body=(*lines, *shown.body))


def for_tables(context: TurnContext, event: PersonEvent) -> tuple[Line, ...]:
    """What takes a table, of this chat's commands, for whoever sends one to none; or nothing."""
    if not (isinstance(event, Attached) and event.name.lower().endswith(TABLES)):
        return ()
    mine = [
        each for each in of_roles(context.connection, context.address) if each in DIALOGUES.tables
    ]
    return (Line("attach.commands"), *map(_command, mine)) if mine else ()


def _command(command: str) -> Line:
    return Line("menu.command", {"command": command, "does": _does(command)})


def _does(command: str) -> Line:
    return Line(f"menu.{command[1:]}")
