"""What would stop a start, said in a second or two: before the libraries of platforms, papers and
databases are imported, which takes many."""

import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.core.setting import SettingsUnfit
from bot.settings import Settings
from bot.web.listening import listen
from flows.operator_words import reason, tr

ALONE = (
    "SQLite is for one process: start `skm run`. For `skm serve` and `skm work` set "
    "SKM_DATABASE_URL to a postgresql:// address."
)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Taken already. `public`: of a process that talks; `watch`: where it says how it is."""

    public: socket.socket | None
    watch: socket.socket | None


@contextmanager
def started(settings: Settings, *, talks: bool, works: bool) -> Iterator[Addresses]:
    """For the length of the `with`. Raises SettingsUnfit, ChannelRefused."""
    with ExitStack() as held:
        if settings.database_url.startswith("sqlite"):
            if not (talks and works):
                raise SettingsUnfit(tr(ALONE))
            if file := _file(settings.database_url):
                _require_file(file)
        if settings.state_dir:
            require_folder(Path(settings.state_dir), "SKM_STATE_DIR")
        public = watch = None
        if talks:
            public = held.enter_context(listen(settings.http_host, settings.http_port))
        if port := settings.watch_port:
            watch = held.enter_context(listen(settings.watch_host, port, "SKM_WATCH"))
        for each in settings.platforms:
            each.check()
        yield Addresses(public, watch)


def _file(url: str) -> Path | None:
    """Of a SQLite database; the rest of a URL `storage.database.database_url` understands."""
    name = url.partition(":///")[2].partition("?")[0]
    return Path(name) if name and not name.startswith((":", "file:")) and "%" not in name else None


def _require_file(file: Path) -> None:
    """… and its folder: SQLite puts files of its own beside it."""
    require_folder(file.absolute().parent, "SKM_DATABASE_URL")
    if not file.exists():
        return  # never made, or lost: `bot.run` tells the two apart
    try:
        file.open("r+b").close()
    except OSError as fault:
        raise _unwritable(file, fault, "SKM_DATABASE_URL") from None


def require_folder(folder: Path, setting: str) -> None:
    """That files can be made in it. Raises SettingsUnfit."""
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as fault:
        raise _unwritable(folder, fault, setting) from None


def _unwritable(place: Path, fault: OSError, setting: str) -> SettingsUnfit:
    return SettingsUnfit(
        tr(
            "{0} cannot be written ({1}). Check that it is there and who owns it, or set {2}.",
            place,
            reason(fault),
            setting,
        )
    )
