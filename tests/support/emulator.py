"""lo-bot-api-emulator as a process: forked from a server that has done its imports, as `skm` is in
`tests.support.skm_process`. More than a hundred tests want one of their own.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Thread

import lo_bot_api_emulator  # type: ignore[import-untyped]

from tests.support.skm_process import forks
from tests.support.waiting import PATIENCE

OPTIONS = ("--port", "0", "--enable-control", "--allow-insecure-loopback-webhooks")


@contextmanager
def emulator() -> Iterator[str]:
    """Its address. It ends when we end, in whatever way: then nobody holds `ours` any more."""
    (theirs, ours), (said, says) = Pipe(duplex=False), Pipe(duplex=False)
    process = forks.Process(target=_emulate, args=(theirs, says))
    process.start()
    theirs.close()
    says.close()
    try:
        with open(said.fileno(), closefd=False) as lines:
            started = lines.readline()  # "======== Running on http://127.0.0.1:41293 ========"
        if "http" not in started:
            raise RuntimeError(f"lo-bot-api-emulator did not start: {started}")
        yield next(word for word in started.split() if word.startswith("http"))
    finally:
        process.kill()
        process.join(PATIENCE)
        process.close()
        ours.close()
        said.close()


def _emulate(theirs: Connection, says: Connection) -> None:
    """What the forked process does."""
    sys.stdout = os.fdopen(os.dup(says.fileno()), "w", buffering=1)
    Thread(target=_end_with, args=(theirs,), daemon=True).start()
    sys.argv = ["lo-bot-api-emulator", *OPTIONS]
    lo_bot_api_emulator.main()


def _end_with(theirs: Connection) -> None:
    theirs.poll(None)
    os._exit(0)
