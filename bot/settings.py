"""The settings of a process, each checked with a sentence that cures (`bot.core.setting`).

What must be set depends on the command: `index` needs no token, `run` does (`for_talking`).
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv.parser import parse_stream
from pydantic import AfterValidator, BeforeValidator, Field, PrivateAttr, SecretStr
from pydantic_settings import NoDecode

from bot.channels.registry import CHANNELS
from bot.channels.web.platform import WebPlatform
from bot.core.links import Links
from bot.core.platform import Platform
from bot.core.setting import (
    FILE,
    LOOPBACK,
    MAKE_ONE,
    PREFIX,
    UNSET,
    Part,
    SettingsUnfit,
    address,
    pattern,
    read,
    setting,
    variable,
)
from flows.operator_words import tr
from flows.survey.source import OWN

if TYPE_CHECKING:
    from reports.jobs.retention import Keep
    from reports.site.writing import Plan
    from reports.transparency.leaving import Outlets
    from storage.vault import Vault


def _key(value: SecretStr) -> SecretStr:
    plain = value.get_secret_value()
    if plain and (len(plain) < 32 or len(set(plain)) < 16):
        raise ValueError
    return value


def _public(value: str) -> str:
    parts = urlsplit(address(value))
    if value and parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ValueError
    return value.rstrip("/")


def _split(value: object) -> object:
    """Names, each once."""
    if not isinstance(value, str):
        return value
    named = (each.strip().lower() for each in value.split(","))
    return tuple(dict.fromkeys(each for each in named if each))


def _known(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value or not set(value) <= CHANNELS.keys():
        raise ValueError
    return value


def _log_key(value: SecretStr) -> SecretStr:
    if plain := value.get_secret_value():
        from reports.transparency.signing import LogKey  # not for every command

        LogKey.read(plain)
    return value


def _witnesses(value: str) -> str:
    if value:
        from reports.transparency.witnesses import Witness

        for each in value.split(","):
            Witness.read(each)
    return value


# A name or an address, without a port: an address of IPv6 has two colons or more.
Host = Annotated[str, pattern(r"[\w.-]+|(?=.*:.*:)[0-9A-Fa-f:.]+")]


class Settings(Part):
    """Those of no channel. Read by `load`."""

    database_url: Annotated[str, Field(repr=False)] = setting(
        "sqlite:///skm.db",
        "sqlite:///FILE, or postgresql://USER:PASSWORD@HOST/NAME",
        what="Where answers are kept.",
    )
    state_dir: str = setting(
        "",
        "a folder; unset, beside a SQLite file, or where skm was started",
        what="Where it is kept how far the database has come and what was destroyed: on another "
        "disk than the database, it knows an older copy.",
    )
    secret_key: Annotated[SecretStr, AfterValidator(_key)] = setting(
        UNSET,
        "at least 32 characters, 16 of them different",
        what="Seals the keys by which double votes are told, and signs single-use links. Keep a "
        "copy of it apart from backups.",
        cure=MAKE_ONE,
        needed="always",
    )
    secret_key_former: Annotated[SecretStr, AfterValidator(_key)] = setting(
        UNSET,
        "the key before SKM_SECRET_KEY",
        what="While the secret is being changed: skm keys rotate says when.",
    )
    channels: Annotated[
        tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_known)
    ] = setting(
        ("telegram",),
        f"one or more of: {', '.join(CHANNELS)}; with commas between them",
        what="Where citizens are talked to.",
        is_shown=True,
    )
    languages: Annotated[
        tuple[Annotated[str, pattern(r"[a-z]{2,3}")], ...], NoDecode, BeforeValidator(_split)
    ] = setting(
        (),
        "codes of languages, such as jv or su; with commas between them",
        what="Which languages no native speaker has read citizens may choose all the same, beside "
        "Indonesian and English.",
        is_shown=True,
    )
    public_url: Annotated[str, AfterValidator(_public)] = setting(
        "",
        "the https:// address at which the internet reaches this server",
        what="Set: Telegram and WhatsApp bring here what people send (webhooks); the web survey, "
        "the public site and /konsol are reached here. Unset: skm asks Telegram (long polling).",
    )
    backup_key: Annotated[str, pattern(r"age1[a-z0-9]{58}")] = setting(
        "",
        "a public key of age, such as skm keys pair makes: age1…",
        what="Backups are encrypted to it. Unset: they are not encrypted.",
    )
    least: Annotated[int, Field(ge=5, le=50)] = setting(
        5,
        "a number of answers from 5 to 50, such as 10",
        what="No figure about a unit rests on fewer answers. With 10, nine who know each other's "
        "answers are needed to read a tenth.",
        is_shown=True,
    )
    log_key: Annotated[SecretStr, AfterValidator(_log_key)] = setting(
        UNSET,
        "a line that skm keys log prints",
        what="Signs the checkpoints of the transparency log. Keep it off the database's machine's "
        "backups; changing SKM_SECRET_KEY does not touch it.",
        cure="Make one with: skm keys log NAME",
    )
    log_channel: Annotated[str, pattern(r"[a-z]+:[-@\w]+")] = setting(
        "",
        "an address such as tg:@skm_jabar or tg:-1001234567890",
        what="A public channel that gets each checkpoint; the bot must be allowed to post there.",
        is_shown=True,
    )
    log_witnesses: Annotated[str, AfterValidator(_witnesses)] = setting(
        "",
        "an https:// address, a space and the witness's key; several with commas between",
        what="Who cosigns checkpoints (C2SP tlog-witness).",
    )
    keep_comments: Annotated[int, Field(ge=200)] = setting(
        400,
        "a number of days, 200 or more",
        what="How long what citizens wrote is kept.",
        is_shown=True,
    )
    keep_sent: Annotated[int, Field(ge=100)] = setting(
        400,
        "a number of days, 100 or more",
        what="How long it is kept that a digest, an alert or a message to heads was sent.",
        is_shown=True,
    )
    keep_dropouts: Annotated[int, Field(ge=100)] = setting(
        800,
        "a number of days, 100 or more",
        what="How long it is kept where surveys were left.",
        is_shown=True,
    )
    http_host: Host = setting(
        "127.0.0.1",
        "an address of this machine without a port, or 0.0.0.0 for all",
        what="Where the web listens: for a proxy on this machine, leave it.",
    )
    http_port: Annotated[int, Field(ge=1, le=65535)] = setting(
        8080,
        "a port number from 1 to 65535, such as 8080",
        what="… and on which port.",
        is_shown=True,
    )
    watch_host: Host = setting(
        "127.0.0.1",
        "an address of this machine without a port",
        what="Where it is told how a process is (/health, /ready, /metrics): for monitoring, not "
        "for the public.",
        is_shown=True,
    )
    watch_port: Annotated[int, Field(ge=0, le=65535)] = setting(
        8081,
        "a port number from 1 to 65535, or 0 for none",
        what="… and on which port.",
        is_shown=True,
    )
    lang: Literal["", "id", "en"] = setting(
        "",
        "id or en",
        what="The language of the command line. Unset: Indonesian at a terminal of an Indonesian "
        "locale, else English.",
        is_shown=True,
    )
    log: Literal["plain", "json"] = setting(
        "plain",
        "plain or json",
        what="How a line of the log is written: for people, or for programs that collect them.",
        is_shown=True,
    )
    disk_limit: Annotated[int, Field(ge=0)] = setting(
        500,
        "a number of MB, such as 500",
        what="With less free space on the disk a process says that it is not ready.",
        is_shown=True,
    )
    _platforms: tuple[Platform[Any], ...] = PrivateAttr(())

    @property
    def vault(self) -> "Vault":
        """Raises SecretUnfit where no secret is set."""
        from storage.vault import Vault  # not for every command

        return Vault(self.secret_key.get_secret_value(), self.secret_key_former.get_secret_value())

    def outlets(self, minutes: Path | None) -> "Outlets":
        """Where checkpoints go. `minutes`: `storage.database.rollback_check.file_of`."""
        from reports.transparency.leaving import Outlets, file_of
        from reports.transparency.signing import LogKey
        from reports.transparency.witnesses import Witness

        plain = self.log_key.get_secret_value()
        named = [each for each in self.log_witnesses.split(",") if each]
        return Outlets(
            LogKey.read(plain) if plain else None,
            self.log_channel,
            tuple(map(Witness.read, named)),
            file_of(minutes),
        )

    def site(self, minutes: Path | None, url: str | None = None) -> "Plan":
        """What the public site is made of. `minutes`: as above; `url`: where it is reached, None:
        where this server is."""
        from reports.site.writing import Plan

        base = (self.public_url if url is None else url).rstrip("/")
        survey = "" if self.links.fault else self.links.base
        key = self.outlets(minutes).key
        return Plan(self.database_url, base, survey, key=str(key.public) if key else "")

    @property
    def keep(self) -> "Keep":
        from reports.jobs.retention import Keep

        return Keep(self.keep_comments, self.keep_sent, self.keep_dropouts)

    @property
    def platforms(self) -> tuple[Platform[Any], ...]:
        """In the order in which SKM_CHANNELS names them."""
        return self._platforms

    @property
    def links(self) -> Links:
        """On what is printed, and in what is sent from the console: the first channel's, and beside
        it those of others that a phone can open. Where the web is one of several, citizens are led
        to its page that lets them choose among these."""
        web = next((each for each in self._platforms if isinstance(each, WebPlatform)), None)
        known = [each.links for each in self._platforms if each is not web]
        first, *more = known or [each.links for each in self._platforms]
        others = tuple(each for each in more if each.base.startswith("https:"))
        if web is not None and known:
            fault = web.links.fault or first.fault
            return replace(web.choosing, chats=(first, *others), fault=fault)
        return replace(first, others=others, chats=(first, *others))

    @property
    def each_links(self) -> list[Links]:
        """Where there are several channels, also those of each that a browser can open."""
        found = [each.links for each in self._platforms if each.links.base.startswith("http")]
        return found if len(self._platforms) > 1 else []

    def source(self, address: str) -> str:
        """What answers from this address are (`flows.survey.source`)."""
        channel = address.partition(":")[0]
        found = (each.source(address) for each in self._platforms if each.channel == channel)
        return next(found, OWN)

    def for_talking(self) -> "Settings":
        """Itself, with all that a bot needs. Raises SettingsUnfit naming what is not set."""
        faults = [
            fault
            for part in (self, *(each.own for each in self._platforms))
            for fault in part.missing(in_public=bool(self.public_url))
        ]
        if faults:
            raise SettingsUnfit("\n".join(faults))
        return self


def load() -> Settings:
    """The settings of this process. Raises SettingsUnfit naming every malformed variable, also of
    channels that are not named."""
    faults: list[str] = []
    settings = read(Settings, faults)
    own = {name: read(channel.settings, faults) for name, channel in CHANNELS.items()}
    if settings is None or faults:
        raise SettingsUnfit("\n".join(faults))
    from reports import disclosure

    disclosure.require(settings.least)
    settings._platforms = tuple(
        CHANNELS[name](own[name], settings.public_url) for name in settings.channels
    )
    return settings


def slips() -> Iterator[str]:
    """A sentence for each line of .env that is no setting or says again what another says, and for
    each variable whose name is none. What a line holds may be secret and is not shown."""
    known, lines = variables(), dict[str, int]()
    for line in parse_stream(StringIO(_env_file())):
        if line.error:
            says = ".env, line {0}: that is no setting. Write NAME=value, or # before it."
            yield tr(says, line.original.line)
        elif line.key:
            if line.key in lines and line.key.startswith(PREFIX):
                says = (
                    "{0} stands twice in .env, in lines {1} and {2}; the last counts. Take one out."
                )
                yield tr(says, line.key, lines[line.key], line.original.line)
            lines[line.key] = line.original.line
    for name in sorted({*os.environ, *lines}):
        if name.startswith(PREFIX) and name not in known:
            if near := get_close_matches(name, known, n=1, cutoff=0.85):
                yield tr("{0} is no setting; perhaps {1} is meant.", name, near[0])
            elif name in lines:  # others set variables for themselves
                yield tr(
                    ".env, line {0}: {1} is no setting. Take it out; docs/settings.md names all.",
                    lines[name],
                    name,
                )


def nothing_set() -> str:
    """What is to be said where there is no setting at all, as in a folder that is not skm's; else
    nothing."""
    if any(name.startswith(PREFIX) for name in os.environ) or os.path.lexists(".env"):
        return ""
    says = (
        "There is no file .env in {0}, and no setting. "
        "Go to the folder of skm's data, or begin: skm init"
    )
    return tr(says, Path.cwd())


def _env_file() -> str:
    """ "" where it cannot be read, which `load` says."""
    try:
        return Path(".env").read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""


def variables() -> list[str]:
    """The names of all that can be set."""
    named = [variable(name) for part in parts() for name in part.model_fields]
    return [*named, *(name + FILE for name in named)]


def parts() -> list[type[Part]]:
    """The classes that say what can be set."""
    return [Settings, *(each.settings for each in CHANNELS.values())]
