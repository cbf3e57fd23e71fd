"""The terminal before it is opened."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from bot.channels.terminal.links import CAPABILITIES, CHANNEL, LINKS
from bot.core.links import Links
from bot.core.platform import Finding, Opened, Platform
from bot.core.setting import Part
from flows.operator_words import tr

if TYPE_CHECKING:
    from bot.core.sending.delivery import Later
    from bot.core.turns.turn_worker import Turns


class TerminalPlatform(Platform[Part]):
    channel = CHANNEL
    capabilities = CAPABILITIES
    settings = Part  # it has none

    @property
    def links(self) -> Links:
        return LINKS

    def findings(self, is_running: bool) -> Iterator[Finding]:
        yield Finding(True, tr("Terminal: whoever starts skm run can chat where it runs."))

    def open(self, turns: "Turns", later: "Later", clock: Callable[[], int]) -> Opened:
        from bot.channels.terminal.channel import Terminal, hear_keyboard, print_lines

        terminal = Terminal(turns, later, clock, print_lines)
        return Opened(terminal, hear=lambda: hear_keyboard(terminal))
