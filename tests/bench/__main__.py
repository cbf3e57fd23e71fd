"""`make bench`: what an update costs and where its time goes; what a search and figures cost."""

from collections.abc import Sequence

from tests.bench import finding, held, million, monday
from tests.bench.measure import breakdown, rounds, table
from tests.bench.ours import sqlite_files, subject
from tests.bench.peer import PEER
from tests.bench.subject import Subject
from tests.support import postgres

ROUNDS = 5
LOADS = [("One turn alone", 1, 40), ("32 turns open", 32, 160)]
EXPLAINED = """\
Cost of an update (a tap, or the /start): raw webhook bytes in, API bytes out, network canned.
CPU: this process, all threads. p50: until the next screen was sent. Ratio: CPU to the first line's.
"""
HEAD = f"  {'':<32}{'CPU ms':>8}{'ratio':>8} {'(range)':<13}{'p50 ms':>8}"


def _costs(subjects: Sequence[Subject]) -> None:
    for title, turns_open, citizens in LOADS:
        print(title, HEAD[len(title) :], sep="")
        print(*table(subjects, rounds(subjects, turns_open, citizens, ROUNDS)), sep="\n")
        print()


def _parts(subjects: Sequence[Subject]) -> None:
    for title, turns_open, citizens in LOADS:
        for each in subjects:
            print(f"Where the CPU time goes: {title.lower()}, {each.name}")
            print(*breakdown(each, turns_open, citizens), sep="\n")
            print()


def main() -> None:
    with postgres.server(durable=True) as server, sqlite_files() as files:
        subjects = [
            PEER,
            subject("SQLite, synchronous FULL", files),
            subject("Postgres 18, fsync on", server.fresh_database),
            subject("SQLite, python-telegram-bot", files, "ptb"),
        ]
        print(EXPLAINED)
        _costs(subjects)
        _parts(subjects)
        finding.show(files())
        million.show(server, million.SHAPES[:1])
        monday.show(server)
        held.show()


if __name__ == "__main__":
    main()
