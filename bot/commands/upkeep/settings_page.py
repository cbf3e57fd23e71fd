"""All that can be set, made from the Settings classes: an `.env` file to fill in."""

from collections.abc import Iterator, Mapping
from textwrap import fill
from typing import Any, NamedTuple

from pydantic import SecretStr

from bot.channels.registry import CHANNELS
from bot.core.setting import said_of, variable
from bot.settings import Settings, parts


class Setting(NamedTuple):
    name: str
    what: str
    must_be: str
    default: str
    needed: str  # "for CHANNEL" of a channel that is not talked on unless SKM_CHANNELS names it


def every() -> Iterator[Setting]:
    usual: tuple[str, ...] = Settings.model_fields["channels"].default
    named = {each.settings: name for name, each in CHANNELS.items() if name not in usual}
    for part in parts():
        for name, field in part.model_fields.items():
            said, must_be = said_of(part, name), field.description or ""
            needed = said["needed"]
            if needed and part in named:
                needed = f"for {named[part]}"
            yield Setting(variable(name), said["what"], must_be, _plain(field.default), needed)


def _plain(value: Any) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return ",".join(value) if isinstance(value, tuple) else str(value)


def env(given: Mapping[str, str]) -> str:
    """A file `.env`: what is given, and the rest to be filled in. What a bot needs stands first."""
    head = "# The settings of skm. Nobody but you may read this file: chmod 600 .env\n"
    found = sorted(every(), key=lambda each: each.needed != "always")
    return head + "".join(_lines(each, given.get(each.name, "")) for each in found)


def _lines(of: Setting, value: str) -> str:
    said = f"{of.what} It must be {of.must_be}.".strip()
    about = fill(said, 96, initial_indent="# ", subsequent_indent="# ")
    mark = "" if value or of.needed == "always" else "#"
    return f"\n{about}\n{mark}{of.name}={value or of.default}\n"
