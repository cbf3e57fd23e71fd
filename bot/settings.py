"""Settings: the environment (SKM_…) or a .env file, each checked with a sentence that cures.

Whatever is set must be well formed. What must be set depends on the command: `index` needs no
token, `run` does (`for_talking`). No message ever shows a secret, nor a URL that may hold one.
"""

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict, SettingsError

PREFIX = "SKM_"
ChannelName = Literal["telegram", "terminal"]
# What a channel needs, and what besides where the web is reached from outside.
_NEEDS: dict[ChannelName, list[str]] = {"telegram": ["telegram_token"], "terminal": []}
_NEEDS_PUBLIC: dict[ChannelName, list[str]] = {"telegram": ["webhook_secret"], "terminal": []}
TELEGRAM = "https://api.telegram.org"
Library = Literal["aiogram", "ptb"]
LOOPBACK = ("localhost", "127.0.0.1", "::1")

_MAKE_ONE = 'Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
_SHAPES = {
    "channels": "telegram, terminal, or both with a comma between them",
    "secret_key": "at least 32 characters, 16 of them different",
    "telegram_token": "the token that @BotFather gave: digits, a colon, letters and digits",
    "telegram_bot": "the bot's username, such as skm_kota_bot",
    "telegram_api_url": f"an http:// or https:// address, no password; unset, it is {TELEGRAM}",
    "telegram_library": "aiogram or ptb",
    "public_url": "the https:// address at which the internet reaches this server",
    "webhook_secret": "16 to 256 of A–Z a–z 0–9 _ -",
    "http_port": "a port number from 1 to 65535, such as 8080",
}
_CURES = {"secret_key": _MAKE_ONE, "webhook_secret": _MAKE_ONE}
# The others may hold a secret, put there by mistake.
_SHOWN = {"channels", "telegram_library", "http_port"}


class SettingsUnfit(Exception):
    """A setting is missing or malformed; the message names each variable and the cure."""


def _pattern(pattern: str) -> AfterValidator:
    def check(value: SecretStr | str) -> SecretStr | str:
        plain = value.get_secret_value() if isinstance(value, SecretStr) else value
        if plain and not re.fullmatch(pattern, plain):
            raise ValueError
        return value

    return AfterValidator(check)


def _key(value: SecretStr) -> SecretStr:
    plain = value.get_secret_value()
    if plain and (len(plain) < 32 or len(set(plain)) < 16):
        raise ValueError
    return value


def _username(value: str) -> str:
    name = value.strip().removeprefix("https://t.me/").removeprefix("@")
    if name and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{3,31}", name):
        raise ValueError
    return name


def _address(value: str) -> str:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0):
        raise ValueError
    if "@" in parts.netloc or parts.query:  # it is shown, so it may hold no password
        raise ValueError
    return value.rstrip("/")


def _public(value: str) -> str:
    parts = urlsplit(_address(value))
    if value and parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ValueError
    return value.rstrip("/")


def _split(value: object) -> object:
    if not isinstance(value, str):
        return value
    named = (each.strip().lower() for each in value.split(","))
    return tuple(dict.fromkeys(each for each in named if each))


class Settings(BaseSettings):
    """Read by `load`. An empty variable is an unset one."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8-sig",
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    database_url: Annotated[str, Field(repr=False)] = "sqlite:///skm.db"
    state_dir: str = ""  # where it is kept how far the database has come; "": beside it, or here
    secret_key: Annotated[SecretStr, AfterValidator(_key)] = SecretStr("")
    channels: Annotated[
        tuple[ChannelName, ...], NoDecode, BeforeValidator(_split), Field(min_length=1)
    ] = ("telegram",)
    telegram_token: Annotated[SecretStr, _pattern(r"[0-9]+:[A-Za-z0-9_-]+")] = SecretStr("")
    telegram_bot: Annotated[str, AfterValidator(_username)] = ""
    telegram_api_url: Annotated[str, AfterValidator(_address)] = TELEGRAM
    telegram_library: Library = "aiogram"
    public_url: Annotated[str, AfterValidator(_public)] = ""
    webhook_secret: Annotated[SecretStr, _pattern(r"[A-Za-z0-9_-]{16,256}")] = SecretStr("")
    http_host: str = "127.0.0.1"
    http_port: Annotated[int, Field(ge=1, le=65535)] = 8080

    def for_talking(self) -> "Settings":
        """Itself, with all that a bot needs. Raises SettingsUnfit naming what is not set."""
        needed = ["secret_key"]
        for channel in self.channels:
            needed += _NEEDS[channel]
            needed += _NEEDS_PUBLIC[channel] if self.public_url else []
        faults = [
            _sentence(name, "is not set")
            for name in needed
            if not getattr(self, name).get_secret_value()
        ]
        if faults:
            raise SettingsUnfit("\n".join(faults))
        return self


def load() -> Settings:
    """The settings of this process. Raises SettingsUnfit naming every malformed variable."""
    try:
        return Settings()
    except ValidationError as error:
        faults = [_fault(str(each["loc"][0]), each.get("input")) for each in error.errors()]
        raise SettingsUnfit("\n".join(faults)) from None
    except UnicodeDecodeError:
        raise SettingsUnfit("The file .env is not UTF-8; save it as UTF-8.") from None
    except (OSError, SettingsError) as error:
        raise SettingsUnfit(f"The file .env cannot be read: {error}.") from None


def variable(name: str) -> str:
    return PREFIX + name.upper()


def _fault(name: str, given: object) -> str:
    return _sentence(name, f"is “{given}”" if name in _SHOWN else "cannot be used")


def _sentence(name: str, fault: str) -> str:
    return f"{variable(name)} {fault}; it must be {_SHAPES[name]}. {_CURES.get(name, '')}".strip()
