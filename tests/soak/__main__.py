"""`make soak`: a crowd answers through every fault, by polling on SQLite, by webhook on Postgres.

`python -m tests.soak ROUNDS SEED` does more of them, each in another order. Ends with 1 if anything
was lost, came twice or was not survived."""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.soak.round import Round, soaked
from tests.support import postgres

HEAD = f"{'database':<10}{'fault':<24}{'injected':>9}{'survived':>9}{'waited s':>9}"


def main() -> None:
    rounds, seed = (*map(int, sys.argv[1:]), *(1, 1)[len(sys.argv) - 1 :])
    is_right = True
    with postgres.server(durable=True) as server:
        for number in range(seed, seed + rounds):
            for kind in ("SQLite", "Postgres"):
                with tempfile.TemporaryDirectory(prefix="skm-soak-") as name:
                    file = f"sqlite:///{name}/skm.db"
                    url = file if kind == "SQLite" else server.fresh_database()
                    done = asyncio.run(soaked(kind, url, Path(name), number, server))
                is_right &= _said(kind, done)
    sys.exit(0 if is_right else 1)


def _said(kind: str, done: Round) -> bool:
    print(HEAD)
    for fault in sorted(done.injected):
        named = fault.replace("_", " ")
        waited = f"{done.waited[fault]:.1f}" if fault in done.waited else ""
        numbers = f"{done.injected[fault]:>9}{done.survived[fault]:>9}{waited:>9}"
        print(f"{kind:<10}{named:<24}{numbers}")
    print(
        f"{kind}: {done.citizens} citizens, {done.taps} taps, {done.acknowledged} acknowledged, "
        f"{done.kept} kept, {done.lost} lost, {done.twice} twice, {done.seconds:.0f} s\n",
        flush=True,
    )
    return done.lost == done.twice == 0 and done.injected == done.survived


if __name__ == "__main__":
    main()
