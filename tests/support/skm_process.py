"""`skm` as a real process: started, awaited by what it says, stopped or killed.

`skm` runs the program as a person does. `forked` starts the same command from a server that has
done its imports: a tenth of a second instead of seconds, for tests that start many.
"""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import Any

from tests.support.waiting import PATIENCE

SKM = Path(sys.executable).with_name("skm")
SECRET = "rahasia-untuk-uji-saja-0123456789abcdef"
READY = "skm is running"

forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(
    [
        "bot.run",
        "bot.channels.telegram.aiogram_wire",
        "bot.cli",
        "reports.digest.picture",
        "tests.support.emulator",
    ]
)


@dataclass
class Process:
    """A running skm; `said` is everything it wrote so far."""

    running: Any  # subprocess.Popen or multiprocessing's Process: both end in the same ways
    output: Path

    @property
    def pid(self) -> int:
        return int(self.running.pid)

    @property
    def said(self) -> str:
        return self.output.read_text()

    def kill(self) -> None:
        self.running.kill()
        self._end()

    def stop(self) -> int | None:
        """Stop it kindly; its exit code."""
        self.running.terminate()
        return self._end()

    def _end(self) -> int | None:
        if isinstance(self.running, subprocess.Popen):
            return self.running.wait(timeout=PATIENCE)
        self.running.join(PATIENCE)
        code: int | None = self.running.exitcode
        return code


def environment(database_url: str, **settings: str) -> dict[str, str]:
    """The environment of a process: settings by their names without SKM_, in small letters."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SKM_")}
    named = {f"SKM_{name.upper()}": value for name, value in settings.items()}
    always = {"SKM_SECRET_KEY": SECRET, "SKM_TELEGRAM_BOT": "skm_uji_bot"}
    always["SKM_WATCH_PORT"] = "0"  # nobody asks, unless a test does
    return {**clean, "SKM_DATABASE_URL": database_url, **always, **named}


@contextmanager
def skm(*args: str, env: dict[str, str], folder: Path) -> Iterator[Process]:
    """A process for the length of the `with`; killed at its end if it still runs."""
    said = _file_in(folder)
    with said.open("ab") as output:
        popen = subprocess.Popen(
            [SKM, *args], env=env, cwd=folder, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield Process(popen, said)
    finally:
        popen.kill()
        popen.wait()


def run(args: tuple[str, ...], env: dict[str, str], folder: Path, said: Path) -> None:
    """What a forked process does."""
    import bot.run
    from bot.cli import app

    bot.run.STOPPING = int(PATIENCE)  # on a busy machine what is under way takes longer than 5 s
    output = os.open(said, os.O_WRONLY | os.O_APPEND)
    for number in (1, 2):
        os.dup2(output, number)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    app(args)


@contextmanager
def forked(
    *args: str, env: dict[str, str], folder: Path, does: Callable[..., None] = run
) -> Iterator[Process]:
    """Like `skm`, and at once. `does`: `run`, or what prepares the process before."""
    said = _file_in(folder)
    child = forks.Process(target=does, args=(args, env, folder, said))
    child.start()
    try:
        yield Process(child, said)
    finally:
        child.kill()
        child.join()
        child.close()


def _file_in(folder: Path) -> Path:
    """A new file, which stays: what a process said may be wanted after its end."""
    opened, name = mkstemp(dir=folder, prefix="said-")
    os.close(opened)
    return Path(name)


def skm_once(*args: str, env: dict[str, str], folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(
        [SKM, *args], env=env, cwd=folder, capture_output=True, text=True, timeout=PATIENCE
    )


def forked_once(
    *args: str, env: dict[str, str], folder: Path
) -> "subprocess.CompletedProcess[str]":
    """Like `skm_once`, and at once; what it says is all in stdout."""
    with forked(*args, env=env, folder=folder) as process:
        process.running.join(PATIENCE)
        return subprocess.CompletedProcess(args, process.running.exitcode, process.said, "")
