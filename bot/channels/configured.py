"""The channels that there are, and those that the settings name: a new platform has a line here."""

from bot.core.channel import Platform
from bot.core.links import Links
from bot.settings import Settings


def configured(settings: Settings) -> tuple[Platform, ...]:
    """In the order in which SKM_CHANNELS names them."""
    return tuple(_platform(name) for name in settings.channels)


def links_of(settings: Settings) -> Links:
    """The first channel's: on what is printed, and in what is sent from the console."""
    return configured(settings)[0].links(settings)


def _platform(name: str) -> Platform:
    """Imports that one and no other: each takes its time and memory."""
    if name == "terminal":
        from bot.channels.terminal import TerminalPlatform

        return TerminalPlatform()
    from bot.channels.telegram.platform import TelegramPlatform

    return TelegramPlatform()
