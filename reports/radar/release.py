"""Which marks' figures may be shown to anybody but the operator: the release rule for the radar.

Theory. Whoever sees the headline and the figures without a mark can add and subtract them. So sets
of responses are shown only while no sum or difference of what is shown, the whole among it, rests
on 1 to 4 responses, or on 1 to 4 that are from chats of their own. A number of marked responses
that is not shown hides its index too.

Where only 1 to 4 of all are from chats of their own, no mark is shown, not even that it marks
nobody: whoever knows the others would read out of "hidden" that one of those few is marked.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product

from reports.disclosure import Size, least
from reports.radar.marks import Ids
from reports.radar.scan import Radar

LEFT_OUT = "left_out"
"""The name, among those shown, of the responses that "without all marks" leaves out."""


def shown(radar: Radar) -> frozenset[str]:
    """Names of the marks, and `LEFT_OUT`, whose number and index may be shown."""
    if Size(radar.tally.n, len(radar.own)).tells:
        return frozenset()
    sets = {mark.name: mark.ids for mark in radar.marks} | {LEFT_OUT: radar.left_out}
    named = frozenset[str]()
    for name in sets:
        these = [sets[other] for other in (*sorted(named), name)]
        own = [each & radar.own for each in these]
        if _safe(radar.tally.n, these) and _safe(len(radar.own), own):
            named |= {name}
    return named


def _safe(n: int, sets: Sequence[Ids]) -> bool:
    """Whether the last of the sets can be shown beside the others and the whole of n."""
    import numpy as np  # slow to import, and only a look of the radar needs it

    groups = _groups(n, sets)
    members, numbers = np.array([*groups]), np.array([*groups.values()])
    signs = np.array([(*before, 1) for before in product((0, 1, -1), repeat=len(sets))])
    # How many responses each sum of the sets rests on: those that it does not cancel out.
    rests_on = (signs @ members.T != 0) @ numbers
    return not np.any((rests_on > 0) & (rests_on < least()))


def _groups(n: int, sets: Sequence[Ids]) -> Mapping[tuple[int, ...], int]:
    """How many responses lie in the same of the whole and the sets: (1, 0 or 1, …) → number."""
    ids = frozenset[str]().union(*sets)
    groups = Counter((1, *(int(id in each) for each in sets)) for id in ids)
    groups[(1,) + (0,) * len(sets)] = n - len(ids)
    return groups
