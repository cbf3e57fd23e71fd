"""Payloads of links: what can be read is read, anything else is a unit that is not known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.opening import AddQuestion, FindUnit, Invitation, RateUnit, read, unit_payload


@pytest.mark.parametrize(
    ("payload", "opening"),
    [
        ("", FindUnit()),
        ("SAMSAT-BC", RateUnit("SAMSAT-BC")),
        ("samsat-bc", RateUnit("samsat-bc")),
        ("SAMSAT-BC_pajak-tahunan", RateUnit("SAMSAT-BC", "pajak-tahunan")),
        ("SAMSAT-BC_a_b", RateUnit("SAMSAT-BC", "a_b")),
        ("i_abcdefgh", Invitation("abcdefgh")),
        ("/pertanyaan", AddQuestion()),
        ("i_kurang", FindUnit(unknown=True)),  # too short for a token, "i" too short for a code
        ("A", FindUnit(unknown=True)),
        ("A" * 21, FindUnit(unknown=True)),
        ("SAMSAT BC", FindUnit(unknown=True)),
        ("SAMSAT-BC\n", FindUnit(unknown=True)),
        ("SAMSAT-BC_", FindUnit(unknown=True)),
        ("_" * 64, FindUnit(unknown=True)),
        ("é", FindUnit(unknown=True)),
        ("٣٣", FindUnit(unknown=True)),
    ],
)
def test_a_payload_is_read(payload: str, opening: object):
    assert read(payload) == opening


@given(st.text(st.characters(), max_size=70))
def test_no_payload_breaks_the_reading(payload: str):
    read(payload)


def test_the_longest_link_fits_into_64_characters():
    longest = unit_payload("A" * 20, "b" * 43)
    assert len(longest) == 64
    assert read(longest) == RateUnit("A" * 20, "b" * 43)
