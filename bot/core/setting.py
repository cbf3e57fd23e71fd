"""A variable of the environment (SKM_…) or of .env: what it must be, said where it is declared.

A part of the settings is a class: of skm itself (`bot.settings`), or of one channel. Whatever is
set must be well formed; no message ever shows a secret, nor a URL that may hold one.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError
from pydantic_settings import PydanticBaseSettingsSource as Source

from flows.operator_words import reason, tr

PREFIX = "SKM_"
FILE = "_FILE"  # at the end of a variable that names a file with the value
MAKE_ONE = 'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
UNSET = SecretStr("")
LOOPBACK = ("localhost", "127.0.0.1", "::1")  # this machine's own names

Needed = Literal["", "always", "in public"]


class SettingsUnfit(Exception):
    """A setting is missing or malformed; the message names each variable and the cure."""


class Part(BaseSettings):
    """An empty variable is an unset one."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    def missing(self, *, in_public: bool) -> list[str]:
        """A sentence for each that a bot needs and that is not set."""
        needed = ("always", "in public") if in_public else ("always",)
        return [
            _sentence(type(self), name, tr("is not set"))
            for name in type(self).model_fields
            if said_of(type(self), name)["needed"] in needed and not _plain(getattr(self, name))
        ]

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: Source,
        env_settings: Source,
        dotenv_settings: Source,
        file_secret_settings: Source,
    ) -> tuple[Source, ...]:
        """The environment before .env, in each a value before the file that holds it."""
        return init_settings, env_settings, _Files(settings_cls), dotenv_settings

    @property
    def secrets(self) -> list[str]:
        found = (getattr(self, name) for name in type(self).model_fields)
        return [each.get_secret_value() for each in found if isinstance(each, SecretStr)]


class _Files(Source):
    """Values that stand in files: named by a variable that ends in _FILE (Docker's way), or lying
    in the folder of systemd's credentials under the variable's name."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        return _found(field_name, _said()), field_name, False

    def __call__(self) -> dict[str, Any]:
        said = _said()
        found = {name: _found(name, said) for name in self.settings_cls.model_fields}
        return {name: value for name, value in found.items() if value}


def _said() -> dict[str, str | None]:
    return {**dotenv_values(".env", interpolate=False, encoding="utf-8-sig"), **os.environ}


def _found(name: str, said: Mapping[str, str | None]) -> str | None:
    """The value of a file that a variable names; None where none does."""
    wanted = variable(name)
    if file := said.get(wanted + FILE):
        if said.get(wanted):
            raise SettingsUnfit(
                tr("Both {0} and {1}{2} are set. Take one out.", wanted, wanted, FILE)
            )
        return _content(wanted + FILE, Path(file))
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    named = [Path(folder) / each for each in (wanted, wanted.lower())] if folder else []
    there = [each for each in named if each.exists()]
    return _content(wanted, there[0]) if there and not said.get(wanted) else None


def _content(name: str, file: Path) -> str:
    """Without the end of its line. Raises SettingsUnfit."""
    try:
        return file.read_text("utf-8-sig").strip()
    except UnicodeDecodeError:
        why = "it is no text"
    except OSError as fault:
        why = reason(fault)
    raise SettingsUnfit(tr("{0} names {1}, which cannot be read: {2}.", name, file, why))


P = TypeVar("P", bound=Part)


def setting(
    default: Any,
    must_be: str,
    *,
    what: str,
    cure: str = "",
    is_shown: bool = False,
    needed: Needed = "",
) -> Any:
    """`what` it is for, as docs/settings.md says it. `is_shown`: a wrong value is said; others may
    hold a secret, put there by mistake. `needed`: by a bot, or by one whose web is reached from
    outside."""
    said: dict[str, Any] = {"what": what, "cure": cure, "is_shown": is_shown, "needed": needed}
    return Field(default, description=must_be, json_schema_extra=said)


def read(part: type[P], faults: list[str]) -> P | None:
    """None, and a sentence for each malformed variable, where there are any. Raises SettingsUnfit
    for a file that cannot be read."""
    try:
        return part()
    except ValidationError as error:
        for each in error.errors():
            name, given = str(each["loc"][0]), each.get("input")
            shown = (
                tr("is “{0}”", given) if said_of(part, name)["is_shown"] else tr("cannot be used")
            )
            faults.append(_sentence(part, name, shown))
        return None
    except UnicodeDecodeError:
        raise SettingsUnfit(tr("The file .env is not UTF-8; save it as UTF-8.")) from None
    except OSError as fault:
        says = (
            "The file {0} cannot be read: {1}. "
            "Run skm as the user to whom it belongs (ls -l says who)."
        )
        raise SettingsUnfit(tr(says, Path(".env").absolute(), reason(fault))) from None
    except SettingsError as error:
        raise SettingsUnfit(tr("The file .env cannot be read: {0}.", error)) from None


def variable(name: str) -> str:
    return PREFIX + name.upper()


def _plain(value: SecretStr | str) -> str:
    return value if isinstance(value, str) else value.get_secret_value()


def said_of(part: type[Part], name: str) -> dict[str, Any]:
    said: Any = part.model_fields[name].json_schema_extra
    return said or {"what": "", "cure": "", "is_shown": False, "needed": ""}


def _sentence(part: type[Part], name: str, fault: str) -> str:
    must_be, cure = part.model_fields[name].description, said_of(part, name)["cure"]
    said = tr("{0} {1}; it must be {2}. {3}", variable(name), fault, tr(str(must_be)), tr(cure))
    return said.strip()


def pattern(wanted: str) -> AfterValidator:
    """Of a text or a secret; an empty one passes."""

    def check(value: Any) -> Any:
        plain = value.get_secret_value() if isinstance(value, SecretStr) else value
        if plain and not re.fullmatch(wanted, plain):
            raise ValueError
        return value

    return AfterValidator(check)


def address(value: str) -> str:
    """Of http or https, without a slash at its end. Raises ValueError."""
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0):
        raise ValueError
    if "@" in parts.netloc or parts.query:  # it is shown, so it may hold no password
        raise ValueError
    if set("{}") & set(value):  # aiogram would fill them in
        raise ValueError
    return value.rstrip("/")
