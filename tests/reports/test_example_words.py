"""Examples as a head reads them: in one line, in both languages, however long names are."""

from dataclasses import replace

from flows.loader import words
from reports.digest.composed import Digest, Example
from reports.digest.late_lines import example_text
from tests.support.digest_weeks import digest, uneven

WEEK = digest(uneven(40, completion_time=20))
SEKUPANG = Example("Samsat Sekupang", "completion_time", "3.58", "antrean daring")
CENTRE = Example("Samsat Batam Centre", "completion_time", "3.41", "")


def test_examples_in_one_line():
    found = replace(WEEK, examples=(SEKUPANG, CENTRE))
    assert example_text(found, words("id")) == (
        "Contoh pada Waktu Penyelesaian: Samsat Sekupang 3,58 (antrean daring); "
        "Samsat Batam Centre 3,41"
    )
    assert "3.58 (antrean daring)" in example_text(found, words("en"))
    assert example_text(WEEK, words("id")) == ""


def test_names_of_any_length_stay_short_and_a_digest_keeps_its_examples():
    long = Example("N" * 300, "cost", "3.58", "x\n" * 300)
    found = replace(WEEK, examples=(long,) * 3)
    assert len(example_text(found, words("id"))) < 400
    assert Digest.from_json(found.to_json()) == found
