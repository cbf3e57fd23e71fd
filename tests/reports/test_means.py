"""Many tallies at once are what the exact fractions of each say, to the last bit of a float."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.instrument import Instrument
from reports.statistics.comparable import UnitMean
from reports.statistics.counting import tally_of_rows
from reports.statistics.inference import Estimate, element_estimate, index_estimate
from reports.statistics.means import Means
from reports.statistics.tally import Row, Tally
from tests.support.instruments import SKM_NOW, with_elements

SEVERAL = with_elements("abcd", "a")  # one element of four questions
answers = st.none() | st.integers(1, 4)


def nearest(exact: Estimate | None) -> UnitMean | None:
    if exact is None or exact.n < 2:
        return None
    return UnitMean(exact.n, float(exact.value), float(exact.variance))


def times(tally: Tally, factor: int) -> Tally:
    """As if each had answered so many times."""
    sums = tuple(cell * factor for cell in tally.gram)
    return Tally(tally.items, tally.n * factor, {}, sums, {}, {})


@pytest.mark.parametrize("factor", [1, 10**6])  # sums beyond 64 bits, too
@pytest.mark.parametrize("by", [SKM_NOW, SEVERAL])
@given(data=st.data())
def test_means_of_many_are_those_of_each(data: st.DataObject, by: Instrument, factor: int) -> None:
    rows = st.lists(st.builds(Row, st.fixed_dictionaries(dict.fromkeys(by.keys, answers))))
    shown = st.sets(st.sampled_from(by.keys)) | st.just({*by.keys})
    drawn = data.draw(st.lists(st.tuples(rows, shown), max_size=6))
    tallies = [times(tally_of_rows(by.keys, rows).only(items), factor) for rows, items in drawn]
    found = Means(tallies, by)
    assert found.index == [nearest(index_estimate(each, instrument=by)) for each in tallies]
    for item in by.keys:
        assert found.item(item) == [nearest(element_estimate(each, item)) for each in tallies]
    assert found.answered == [{i for i in by.keys if each.answered(i)} for each in tallies]
