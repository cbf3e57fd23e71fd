"""The release rule: what of a unit's week may be shown, so that nobody reads one citizen's answer.

Theory. A figure that rests on fewer than 5 responses is not shown, nor one that can be worked out
to within 1..4 responses from what is shown. So whatever hides a small group must hide a larger one
with it: a total minus all other figures would give it back. The number of responses is no secret.

Who keyed responses in for others knows what they said, and can take them away. So where some were
keyed in, those that citizens sent from chats of their own (`own`) must be none, or enough as well.

Of weeks: one in which something was hidden, and that no later digest told, never joins a wider
window. The figures of the other weeks are known, so a window's figure minus theirs would be the
hidden week's. (Cautious: with two hidden weeks it takes two windows to tell them apart, but windows
come every Monday.)
"""

from __future__ import annotations

from collections.abc import Sequence

from reports.statistics.tally import Tally

LEAST = 5


def few(n: int, own: int) -> bool:
    """Whether n answers, `own` of them from chats of their own, are too few to hide each other."""
    return n < LEAST or 0 < own < LEAST


def shown_items(tally: Tally, own: Tally | None = None) -> frozenset[str]:
    """The items whose mean may be shown. `own`: of those from chats of their own; None: all are.

    Items answered by 1..4 are not, nor then the one fewest answered of the others: the index less
    the other means would tell them.
    """
    own = own or tally
    answered = {item: tally.answered(item) for item in tally.items if tally.answered(item)}
    if few(tally.n, own.n):
        return frozenset()
    enough = [item for item, n in answered.items() if not few(n, own.answered(item))]
    if len(enough) < len(answered) and enough:
        enough.remove(min(enough, key=answered.__getitem__))
    return frozenset(enough)


def nothing_hidden(tally: Tally, own: Tally | None = None) -> bool:
    """Whether all that was answered may be shown; true also where nobody answered."""
    return shown_items(tally, own) == {item for item in tally.items if tally.answered(item)}


def shown_choices(counts: Sequence[int], n: int) -> tuple[int | None, ...]:
    """How many of n took each of several choices, with None for what is hidden.

    A choice is a question of its own, taken or not: hidden where 1..4 took it, or did not.
    """
    if n < LEAST:
        return (None,) * len(counts)
    return tuple(None if 0 < min(count, n - count) < LEAST else count for count in counts)


def shown_counts(counts: Sequence[int]) -> tuple[int | None, ...]:
    """Counts of the choices of one question whose total is known, with None for what is hidden.

    Counts of 1..4 are hidden, and with them the smallest of 5 or more (all that are equally
    small); without one of those, all. Fewer than 5 answers: all. Hidden counts can change places
    and look the same, so not even somebody who knows this rule and the total can tell one.
    """
    nothing = (None,) * len(counts)
    if sum(counts) < LEAST:
        return nothing
    if not any(0 < count < LEAST for count in counts):
        return tuple(counts)
    large = [count for count in counts if count >= LEAST]
    if not large:
        return nothing
    second = min(large)
    return tuple(None if 0 < count < LEAST or count == second else count for count in counts)
