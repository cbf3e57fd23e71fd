"""What the answers bear of the order of the elements: which lie apart, and which do not.

Theory. The elements are answered by the same people, so their means hang together: a difference of
two has the error of a contrast within one sample, not the sum of two errors. As for every change
(`reports.statistics.inference`), a difference is called one only from 30 answers on and where
p < 0.01. Only that is told, in a word: nothing can be worked out from it.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Literal

from flows.instrument import Instrument
from reports.statistics.index import item_weights
from reports.statistics.inference import contrast
from reports.statistics.tally import Tally

Place = Literal["below", "within", "above"]


def places(tally: Tally, by: Instrument) -> dict[str, Place]:
    """Element → where its mean lies beside that of all elements; none that cannot be judged."""
    whole = item_weights(tally, instrument=by)
    found: dict[str, Place] = {}
    for element in dict.fromkeys(by.elements.values()):
        change = contrast(tally, _of(element, tally, by), whole)
        if change.points is not None and change.real is not None:
            apart: Place = "above" if change.points > 0 else "below"
            found[element] = apart if change.real else "within"
    return found


def differ(tally: Tally, by: Instrument, elements: Sequence[str]) -> bool | None:
    """Whether the first and the last of these do; None if that cannot be judged, or of one."""
    if len(elements) < 2:
        return None
    first, last = (_of(each, tally, by) for each in (elements[0], elements[-1]))
    return contrast(tally, last, first).real


def _of(element: str, tally: Tally, by: Instrument) -> Mapping[str, Fraction]:
    """The weights of its questions: its mean is that of theirs."""
    items = [item for item, of in by.elements.items() if of == element and tally.answered(item)]
    return {item: Fraction(1, len(items)) for item in items}
