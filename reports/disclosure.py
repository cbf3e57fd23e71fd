"""The release rule: what may be told of a set of answers, so that nobody reads one citizen's.

Theory. All that is ever told of answers are figures of sets of answers to an item: sums and means,
and indices, intervals and changes, which follow from the sums of several items. Two sets that are
told tell their difference too. So there is one rule, for each item, for every set that is told and
for every difference of it and of those that were told before: it holds nobody's answers, or at
least 5, and of them nobody's from a chat of their own, or at least 5 (more where the operator asks
for more: `require`). Who keyed answers in for others, or imported them from paper, knows what they
said, and can take them away: they hide nobody.

From it follows what each way out does (digest, sheet, report, alert, export, comparison):

- An index, its interval and its change are taken over the items that are told and no others
  (`shown_items`, `Tally.only`). An index over all that was answered, less the means beside it,
  would be an equation of those that are hidden.
- What was told stays told, as it was told. A set that is told later counts all of it, and of the
  other answers only those that hide each other (`reports.sheets.release`).
- Figures that are made only of told ones tell nothing more: months, mean of an agency, ranks by
  sheets, provisional reports.

How many answered is no secret.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from flows.survey import source
from reports.statistics.tally import Tally

LEAST = 5
"""No operator can ask for fewer."""

_asked_for = LEAST

OWN = source.OWN
"""The source of answers that citizens sent from chats of their own, or by a visit's link. Whoever
answers in the web as nobody may be anybody, and answer often: such answers hide nobody."""


def least() -> int:
    """So many answers hide each other: 5, or what the operator asked for."""
    return _asked_for


def require(number: int) -> None:
    """Of this process, once where it begins (SKM_LEAST): whatever leaves it holds to one number.
    ValueError: fewer than 5."""
    global _asked_for
    if number < LEAST:
        raise ValueError(f"Figures of {number} answers would tell what few said; take {LEAST}.")
    _asked_for = number


class Size(NamedTuple):
    """How many answers there are, and how many of them are from chats of their own."""

    n: int
    own: int

    def __add__(self, other: object) -> "Size":
        if not isinstance(other, Size):
            return NotImplemented
        return Size(self.n + other.n, self.own + other.own)

    def differs(self, other: "Size") -> "Size":
        """By how many answers two sets differ of which one lies in the other."""
        return Size(abs(self.n - other.n), abs(self.own - other.own))

    @property
    def tells(self) -> bool:
        """Whether their sum would tell what few said."""
        return 0 < self.n < least() or 0 < self.own < least()


NOBODY = Size(0, 0)


def size_of(rows: Sequence[Any]) -> Size:
    return Size(len(rows), sum(row.source == OWN for row in rows))


def few(n: int, own: int) -> bool:
    """Whether n answers, `own` of them from chats of their own, are too few to hide each other."""
    return n < least() or Size(n, own).tells


def enough(rows: Sequence[Any]) -> bool:
    """Whether rows hide each other; no rows do."""
    return not size_of(rows).tells


def shown_items(tally: Tally, own: Tally | None = None) -> frozenset[str]:
    """The items whose answers may be told. `own`: of those from chats of their own; None: all are.

    None of fewer than 5 responses.
    """
    own = own or tally
    if few(tally.n, own.n):
        return frozenset()
    return frozenset(i for i in tally.items if not few(tally.answered(i), own.answered(i)))


def shown_choices(counts: Sequence[int], n: int) -> tuple[int | None, ...]:
    """How many of n took each of several choices, with None for what is hidden.

    A choice is a question of its own, taken or not: hidden where 1..4 took it, or did not.
    """
    if n < least():
        return (None,) * len(counts)
    return tuple(None if 0 < min(count, n - count) < least() else count for count in counts)


def shown_counts(counts: Sequence[int]) -> tuple[int | None, ...]:
    """Counts of the choices of one question whose total is known, with None for what is hidden.

    Counts of 1..4 are hidden, and with them the smallest of 5 or more (all that are equally
    small); without one of those, all. Fewer than 5 answers: all. Hidden counts can change places
    and look the same, so not even somebody who knows this rule and the total can tell one.
    """
    nothing = (None,) * len(counts)
    if sum(counts) < least():
        return nothing
    if not any(0 < count < least() for count in counts):
        return tuple(counts)
    large = [count for count in counts if count >= least()]
    if not large:
        return nothing
    second = min(large)
    return tuple(None if 0 < count < least() or count == second else count for count in counts)
