"""Every unit can be pointed at, in few taps and on short lists."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from storage.finding import browse
from storage.finding.browse import ROWS, Branch
from storage.finding.directory import Place, by_region
from tests.bench.names import regions


def inside(all: Sequence[Place], branch: Branch) -> Sequence[Branch] | Sequence[Place]:
    return browse.inside(by_region(all), branch)


def labels(found: Sequence[Branch] | Sequence[Place]) -> list[str]:
    return [each.label if isinstance(each, Branch) else each.name for each in found]


def reached(all: Sequence[Place], branch: Branch, taps: int = 0) -> dict[str, int]:
    """Units by code with the taps it takes to see them; no list is longer than a screen."""
    found = inside(all, branch)
    here = [each for each in found if isinstance(each, Place)]
    if here:
        return {each.code: taps for each in here}
    assert 1 < len(found) <= ROWS
    below = [reached(all, each, taps + 1) for each in found if isinstance(each, Branch)]
    assert sum(map(len, below)) == len({code for codes in below for code in codes})
    return {code: depth for codes in below for code, depth in codes.items()}


_NAMES = st.sampled_from([name for name, *_ in regions()] + ["Kota A", "Kabupaten A", "kota a"])
_PLACES = st.lists(
    st.tuples(_NAMES, st.sampled_from(["Dinas A", "Dinas B", "Badan C"]), _NAMES),
    min_size=1,
    max_size=60,
)


@given(_PLACES)
def test_every_unit_is_reached_once(rows: list[tuple[str, str, str]]):
    all = [Place(f"U{n}", name, agency, region) for n, (region, agency, name) in enumerate(rows)]
    assert set(reached(all, Branch())) == {place.code for place in all}


def test_five_hundred_regions_are_three_taps():
    all = [
        Place(f"U{n}-{office}", f"Kantor {office:02}", "Dinas", f"Kota {n:03}")
        for n in range(512)
        for office in range(8)
    ]
    assert set(reached(all, Branch()).values()) == {3}


def test_regions_stand_by_their_names_without_kota_and_kabupaten():
    names = ("Kota Semarang", "Kabupaten Ambon", "Batam", "Kab. Cilacap")
    all = [Place(f"U{n}", "Kantor", "Dinas", name) for n, name in enumerate(names)]
    assert labels(inside(all, Branch())) == [
        "Kabupaten Ambon",
        "Batam",
        "Kab. Cilacap",
        "Kota Semarang",
    ]


def test_what_leaves_no_choice_is_passed_over():
    all = [Place("A1", "Samsat", "Bapenda", "Batam"), Place("B1", "RSUD", "Pemko", "Batam")]
    assert labels(inside(all, Branch())) == ["Bapenda", "Pemko"]
    assert labels(inside(all[:1], Branch())) == ["Samsat"]


def test_a_range_means_the_same_names_after_an_import():
    all = [Place(f"U{n}", "Kantor", "Dinas", f"Kota {n:02}") for n in range(20)]
    first = inside(all, Branch())[0]
    assert isinstance(first, Branch)
    more = [Place("NEW", "Kantor", "Dinas", "Kota 00a"), *all]
    assert labels(inside(more, first)) == ["Kota 00", "Kota 00a", *labels(inside(all, first))[1:]]


def test_a_branch_whose_units_are_gone_holds_nothing():
    assert inside([], Branch()) == []
    assert inside([Place("A1", "A", "B", "C")], Branch("D", "E")) == []
