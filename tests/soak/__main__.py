"""`make soak`, or `python -m tests.soak MINUTES`: round after round of a crowd and kills.

By polling on SQLite and by webhook on Postgres in turn; ends with 1 if anything was lost."""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from tests import postgres
from tests.soak.round import Round, soaked

MINUTES = 5.0
HEAD = (
    f"{'round':>5}  {'database':<9}{'citizens':>9}{'taps':>7}{'kills':>7}{'acknowledged':>14}"
    f"{'kept':>6}{'lost':>6}{'unasked':>9}{'seconds':>9}"
)


def main() -> None:
    until = time.monotonic() + 60 * (float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES)
    rounds: list[Round] = []
    print(HEAD, flush=True)
    with postgres.server(durable=True) as server:
        for seed in count():
            kind = ("SQLite", "Postgres")[seed % 2]
            with _folder() as folder:
                url = f"sqlite:///{folder}/skm.db" if kind == "SQLite" else server.fresh_database()
                done = asyncio.run(soaked(url, folder, seed))
            rounds.append(done)
            print(_line(str(seed + 1), kind, done), flush=True)
            if time.monotonic() > until:
                break
    total = sum(rounds[1:], rounds[0])
    print(_line("all", "", total))
    sys.exit(1 if total.lost or total.unasked else 0)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="skm-soak-") as name:
        yield Path(name)


def _line(number: str, kind: str, done: Round) -> str:
    return (
        f"{number:>5}  {kind:<9}{done.citizens:>9}{done.taps:>7}{done.kills:>7}"
        f"{done.acknowledged:>14}{done.kept:>6}{done.lost:>6}{done.unasked:>9}{done.seconds:>9.1f}"
    )


if __name__ == "__main__":
    main()
