"""The commands that roles give, in one table: what `/bantuan` shows, and docs/roles.md lists."""

from collections.abc import Mapping
from dataclasses import replace

from bot.desk import Desk
from flows.digest_openings import RECAP, SETTINGS
from flows.form import Line
from flows.of_unit import (
    CONSOLE,
    FOLLOW_UP,
    INNOVATION,
    PERIOD,
    POSTER,
    PUBLICATION,
    STANDARD,
    UNIT,
)
from flows.opening import BROADCAST, COMMENTS, LEAVE, LOG, QUESTION, ROLES
from flows.screen import Screen
from storage import permissions, roles
from storage.permissions import Action

# In the order they are shown; each has its words under "menu.<command without its stroke>".
# None: whoever has a role.
MENU: Mapping[str, Action | None] = {
    RECAP: "read_figures",
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


def with_commands(desk: Desk, address: str, shown: Screen) -> Screen:
    """A screen that helps, and below the help what this chat may do besides."""
    if not roles.held(desk.connection, address):
        return shown
    may = permissions.actions(desk.connection, address)
    lines = tuple(
        Line("menu.command", {"command": command, "does": Line(f"menu.{command[1:]}")})
        for command, action in MENU.items()
        if action is None or action in may
    )
    lines = (Line("menu"), *lines)
    if shown.conversation:
        return replace(shown, notes=(*shown.notes, *lines))
    return replace(shown, body=(*shown.body, *lines))
