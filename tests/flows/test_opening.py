"""Payloads of links: what can be read is read, anything else is a unit that is not known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.engine.clean_text import tidy
from flows.intents import (
    Command,
    FindUnit,
    Invitation,
    RateUnit,
    RateVisit,
    read,
    survey_payload,
    unit_payload,
)
from flows.loader import instrument, instrument_ids


@pytest.mark.parametrize(
    ("payload", "opening"),
    [
        ("", FindUnit()),
        ("SAMSAT-BC", RateUnit("SAMSAT-BC")),
        ("samsat-bc", RateUnit("samsat-bc")),
        ("SAMSAT-BC_pajak-tahunan", RateUnit("SAMSAT-BC", "pajak-tahunan")),
        ("SAMSAT-BC_a_b", RateUnit("SAMSAT-BC", "a_b")),
        ("SAMSAT-BC__spak", RateUnit("SAMSAT-BC", survey="spak")),
        ("SAMSAT-BC__F-03", RateUnit("SAMSAT-BC", survey="f-03")),
        ("SAMSAT-BC___spak", FindUnit(unknown=True)),
        ("SAMSAT-BC__spak_mutasi", FindUnit(unknown=True)),
        ("i_abcdefgh", Invitation("abcdefgh")),
        ("v_abc", RateVisit("abc")),
        ("/data", Command("/data", "")),
        ("/pertanyaan Bapenda Kepri #41", Command("/pertanyaan", "Bapenda Kepri #41")),
        ("/gibberish", Command("/gibberish", "")),
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


ALL = [instrument(name) for name in instrument_ids()]
codes = st.text("Aa9-", min_size=2, max_size=20)
services = st.from_regex(r"[a-z0-9-][a-z0-9_-]{0,39}", fullmatch=True)


@given(codes, services | st.just(""), st.sampled_from(sorted({i.survey for i in ALL})))
def test_what_a_link_says_is_what_is_read(code: str, service: str, survey: str):
    assert read(unit_payload(code, service)) == RateUnit(code, service)
    assert read(survey_payload(code, survey)) == RateUnit(code, survey=survey)


def test_the_longest_link_fits_into_64_characters():
    longest = unit_payload("A" * 20, "b" * 43)
    assert len(longest) == 64
    assert read(longest) == RateUnit("A" * 20, "b" * 43)


@pytest.mark.parametrize("odd", ["\x00", "\ud800", "\u202e"])
def test_behind_a_command_stands_nothing_that_a_database_refuses(odd: str):
    """Postgres takes no NUL in a text, and no half of a character: the turn would fail."""
    assert read(f"/poster SAMSAT{odd}") == Command("/poster", tidy(f"SAMSAT{odd}"))
    assert odd not in read(f"/poster {odd} 2026-W47{odd}").said
