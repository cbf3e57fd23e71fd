"""`skm` as a real process: started, awaited by what it says, stopped or killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

SKM = Path(sys.executable).with_name("skm")
SECRET = "rahasia-untuk-uji-saja-0123456789abcdef"
READY = "skm is running"


@dataclass
class Process:
    """A running skm; `said` is everything it wrote so far."""

    popen: "subprocess.Popen[bytes]"
    _output: IO[bytes]

    @property
    def said(self) -> str:
        at = self._output.tell()
        self._output.seek(0)
        text = self._output.read().decode()
        self._output.seek(at)
        return text

    def kill(self) -> None:
        self.popen.send_signal(signal.SIGKILL)
        self.popen.wait()

    def stop(self) -> int:
        """Stop it kindly; its exit code."""
        self.popen.terminate()
        return self.popen.wait(timeout=20)


def environment(database_url: str, **settings: str) -> dict[str, str]:
    """The environment of a process: settings by their names without SKM_, in small letters."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SKM_")}
    named = {f"SKM_{name.upper()}": value for name, value in settings.items()}
    return {**clean, "SKM_DATABASE_URL": database_url, "SKM_SECRET_KEY": SECRET, **named}


@contextmanager
def skm(*args: str, env: dict[str, str], folder: Path) -> Iterator[Process]:
    """A process for the length of the `with`; killed at its end if it still runs."""
    with TemporaryFile() as output:
        popen = subprocess.Popen(
            [SKM, *args], env=env, cwd=folder, stdout=output, stderr=subprocess.STDOUT
        )
        process = Process(popen, output)
        try:
            yield process
        finally:
            if popen.poll() is None:
                process.kill()


def skm_once(
    *args: str, env: dict[str, str], folder: Path
) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end."""
    return subprocess.run(
        [SKM, *args], env=env, cwd=folder, capture_output=True, text=True, timeout=120
    )
