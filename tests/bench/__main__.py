"""`make bench`: prints what an update costs and where the time goes."""

from tests.bench.measure import breakdown, rounds, table
from tests.bench.peer import PEER

SUBJECTS = [PEER]
ROUNDS = 5
LOADS = [("One turn alone", 1, 40), ("32 turns open", 32, 160)]
EXPLAINED = """\
Cost of an update (a tap, or the /start): raw webhook bytes in, API bytes out, network canned.
CPU: this process, all threads. p50: until the next screen was sent. Ratio: CPU to the first line's.
"""
HEAD = f"  {'':<32}{'CPU ms':>8}{'ratio':>8} {'(range)':<13}{'p50 ms':>8}"


def _costs() -> None:
    for title, turns_open, citizens in LOADS:
        print(title, HEAD[len(title) :], sep="")
        print(*table(SUBJECTS, rounds(SUBJECTS, turns_open, citizens, ROUNDS)), sep="\n")
        print()


def _parts() -> None:
    for title, turns_open, citizens in LOADS:
        for subject in SUBJECTS:
            print(f"Where the CPU time goes: {title.lower()}, {subject.name}")
            print(*breakdown(subject, turns_open, citizens), sep="\n")
            print()


if __name__ == "__main__":
    print(EXPLAINED)
    _costs()
    _parts()
