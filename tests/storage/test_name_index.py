"""The unit that people mean is found among 30,000, whatever their spelling.

What is missed stays here to be counted.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.finding.directory import Place, Places
from storage.finding.spelling import initials, passed_over, skeleton, words
from tests.bench.names import units
from tests.support.typed_names import meant

SHOWN = 8
MISSED = {"bayar pajak motor di samsat klaten"}
NOT_FIRST = {"samat makasar"}


@pytest.fixture(scope="module")
def nation() -> Places:
    names = ("code", "name", "agency", "region", "kind", "latitude", "longitude")
    return Places([Place(*(row[name] for name in names)) for row in units(30_000)])


def test_what_people_type_finds_what_they_mean(nation: Places):
    wanted = meant()
    found = {typed: [place.name for place in nation.like(typed, SHOWN)] for typed, _ in wanted}
    missed = {typed for typed, name in wanted if name not in found[typed]}
    behind = {typed for typed, name in wanted if found[typed][:1] != [name]} - missed
    assert len(wanted) == 110
    assert (missed, behind) == (MISSED, NOT_FIRST)


def test_a_whole_name_finds_its_unit_first(nation: Places):
    for place in nation.all[:: len(nation.all) // 150]:
        if passed_over().isdisjoint(words(place.name)):  # a "Kecamatan Teluk Dan" is made up
            assert nation.like(place.name, SHOWN)[0].name == place.name


def test_a_letter_left_out_still_finds_it(nation: Places):
    for place in nation.all[:200]:
        name, at = place.name, len(place.name) - 3
        shown = [each.name for each in nation.like(name[:at] + name[at + 1 :], SHOWN)]
        assert name in shown, name


@pytest.mark.parametrize(
    "typed",
    [
        "halo selamat pagi",
        "terima kasih banyak",
        "kenapa lama sekali",
        "pizza batam",
        "samsat wkwk",
    ],
)
def test_talk_finds_nothing(nation: Places, typed: str):
    assert nation.like(typed, SHOWN) == []


def test_talk_beside_a_clear_name_does_no_harm(nation: Places):
    names = [place.name for place in nation.like("tadi pagi antre lama di rsud kota cilegon", 1)]
    assert names == ["RSUD Cilegon"]


@given(st.text(max_size=60))
def test_whatever_is_typed_finds_units_or_none(typed: str):
    few = Places([Place("A1", "Samsat Batam", "", ""), Place("B-2", "RSUD {x} 1", "", "")])
    assert set(few.like(typed, SHOWN)) <= set(few.all)


@pytest.mark.parametrize("typed", ["", " ", "👍" * 60, "<b></b>", "%", "' OR --", "pizza", "12345"])
def test_what_names_nothing_finds_nothing(nation: Places, typed: str):
    assert nation.like(typed, SHOWN) == []


def test_a_code_means_its_own_unit(nation: Places):
    assert [place.code for place in nation.like(" u00042 ", SHOWN)] == ["U00042"]


def test_two_words_written_as_one_and_one_as_two():
    both = Places([Place("A1", "Pasar Pulogadung", "", ""), Place("B1", "Pasar Batu Aji", "", "")])
    assert [place.code for place in both.like("pasar pulo gadung", SHOWN)] == ["A1"]
    assert [place.code for place in both.like("pasar batuaji", SHOWN)] == ["B1"]


def test_initials_mean_words_beside_each_other():
    both = Places([Place("A1", "Samsat Batam Centre", "", ""), Place("B1", "Samsat Biak", "", "")])
    assert [place.code for place in both.like("samsat bc", SHOWN)] == ["A1"]
    assert initials(["samsat", "batam", "centre"]) == {"sb", "bc", "sbc"}


def test_words_are_read_without_accents_signs_and_capitals():
    assert words("RSUD-Café, (Kota) 1") == ["rsud", "cafe", "kota", "1"]
    assert skeleton("batam") == "btm"
