"""The commands that roles give, in one table: what `/bantuan` shows, what the channel's own menu
offers (`bot.office.command_list`), and docs/roles.md lists; and those that everybody has."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from bot.core.turn_context import TurnContext
from flows.digest_openings import RECAP, SETTINGS
from flows.engine.form import Line
from flows.engine.say import Words
from flows.engine.screen import Screen
from flows.intents import BROADCAST, COMMENTS, LEAVE, LOG, QUESTION, ROLES
from flows.of_unit import (
    CONSOLE,
    FOLLOW_UP,
    INNOVATION,
    PERIOD,
    POSTER,
    PUBLICATION,
    REPORT,
    STANDARD,
    UNIT,
)
from storage.office import permissions, roles
from storage.office.permissions import Action

# In the order they are shown; each has its words under "menu.<command without its stroke>".
# None: whoever has a role.
MENU: Mapping[str, Action | None] = {
    RECAP: "read_figures",
    REPORT: "read_figures",
    SETTINGS: "set_digest",
    COMMENTS: "unfold_comments",
    QUESTION: "edit_questions",
    FOLLOW_UP: "plan_follow_up",
    PERIOD: "run_periods",
    PUBLICATION: "plan_follow_up",
    INNOVATION: "register_innovation",
    STANDARD: "edit_standards",
    POSTER: "print_posters",
    UNIT: "edit_units",
    CONSOLE: "open_console",
    ROLES: "give_roles",
    BROADCAST: "broadcast",
    LOG: "read_log",
    LEAVE: None,
}

# … and in the order they are used most.
EVERYBODY = (
    *("/start", "/cek", "/ubah", "/hapus", "/bahasa", "/bantuan"),
    *("/batal", "/tampilan", "/data", "/berhenti"),
)


def of_roles(connection: Connection, address: str) -> list[str]:
    """The commands that this chat's roles give, in order."""
    if not roles.held(connection, address):
        return []
    may = permissions.actions(connection, address)
    return [command for command, action in MENU.items() if action is None or action in may]


def listed(commands: Iterable[str], spoken: Words) -> tuple[tuple[str, str], ...]:
    """Each without its stroke, and what it does."""
    return tuple((each[1:], spoken.line(_does(each))) for each in commands)


def with_commands(context: TurnContext, address: str, shown: Screen) -> Screen:
    """A screen that helps, and below the help what this chat may do besides."""
    commands = of_roles(context.connection, address)
    if not commands:
        return shown
    each = (Line("menu.command", {"command": c, "does": _does(c)}) for c in commands)
    lines = (Line("menu"), *each)
    if shown.conversation:
        return replace(shown, notes=(*shown.notes, *lines))
    return replace(shown, body=(*shown.body, *lines))


def _does(command: str) -> Line:
    return Line(f"menu.{command[1:]}")
