"""Comments are masked: on sentences marked by hand, with what is missed counted and held."""

import re
import time
import tomllib
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.comments.masking import MARKS, masked, personal
from reports.comments.name_lists import name_lists
from reports.comments.spans import Span

CASES = tomllib.loads((Path(__file__).parent / "data/comments.toml").read_text("utf-8"))["masking"]
_MARKED = re.compile(r"\{(\w+):([^}]*)\}")

# What is found of each kind today: less is a fault, more is a number to raise here.
MISSED = {"name": 1}  # "buani" for "bu ani"
LARGEST_SHARE_OF_MISSED_NAMES = 0.02
FALSE = 0  # spans that nobody marked, in all sentences


def read(sentence: str) -> tuple[str, list[Span]]:
    """The text as written, and what must be found in it."""
    text, spans, at = "", [], 0
    for found in _MARKED.finditer(sentence):
        text += sentence[at : found.start()]
        spans.append(Span(len(text), len(text) + len(found[2]), found[1]))
        text, at = text + found[2], found.end()
    return text + sentence[at:], spans


def told(spans: list[Span]) -> set[tuple[int, int, str]]:
    """A number's kind is not told apart in what people read: its mark is."""
    return {(span.start, span.end, MARKS[span.kind]) for span in spans}


def test_what_is_found_and_what_is_missed(capsys: pytest.CaptureFixture[str]):
    wanted, missed, false = Counter[str](), Counter[str](), 0
    for sentence in CASES["personal"]:
        text, spans = read(sentence)
        found = told(list(personal(text)))
        wanted.update(span.kind for span in spans)
        missed.update(span.kind for span in spans if not told([span]) <= found)
        false += len(found - told(spans))
    in_ordinary = sum(bool(personal(text)) for text in CASES["ordinary"])
    with capsys.disabled():
        shown = ", ".join(f"{k} {n - missed[k]}/{n}" for k, n in sorted(wanted.items()))
        print(f"\nmasking: found {shown}; false {false} in {len(CASES['personal'])} sentences")
        print(f"masking: {in_ordinary} of {len(CASES['ordinary'])} ordinary sentences touched")
    assert missed == Counter(MISSED)
    assert missed["name"] <= LARGEST_SHARE_OF_MISSED_NAMES * wanted["name"]
    assert (false, in_ordinary) == (FALSE, FALSE)


def test_the_list_is_long_and_has_every_kind():
    kinds = Counter(span.kind for text in CASES["personal"] for span in read(text)[1])
    assert len(CASES["personal"]) >= 120
    assert len(CASES["ordinary"]) >= 120
    assert set(kinds) == set(MARKS)
    assert min(kinds.values()) >= 5


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Pak Budi Santoso, hp 0812-3456-7890.", "Pak [nama], hp [nomor]."),
        ("NIK 2171010101900001, KK 2171010101900002", "NIK [NIK], KK [nomor]"),
        ("motor b1234abc punya bu sri", "motor [pelat] punya bu [nama]"),
        ("budi@mail.com atau @budi_s atau bit.ly/x1", "[surel] atau [akun] atau [tautan]"),
        ("8123456789@x_y", "[nomor][akun]"),
        (
            "RSUD dr. Soetomo ramah, bapak petugas sabar",
            "RSUD dr. Soetomo ramah, bapak petugas sabar",
        ),
    ],
)
def test_marks_can_be_read(text: str, shown: str):
    assert masked(text) == shown


def test_the_rest_stays_as_it_was_written():
    text = "  Pak  Budi\tlama!!\n\nHP:０８１２３４５６７８９０ …é 👍🏽 "
    assert masked(text) == "  Pak  [nama]\tlama!!\n\nHP:[nomor] …é 👍🏽 "


def test_marks_of_before_stay():
    text = "Pak [nama] hp [nomor] NIK [NIK] Budi [pelat] a@b.co"
    assert masked(text) == "Pak [nama] hp [nomor] NIK [NIK] Budi [pelat] [surel]"


@settings(max_examples=400)
@given(st.lists(st.tuples(st.sampled_from(CASES["pieces"]), st.sampled_from([" ", " ", "", "\n"]))))
def test_masked_twice_is_masked_once(pieces: list[tuple[str, str]]):
    text = "".join(map("".join, pieces))
    assert masked(masked(text)) == masked(text)


@given(st.text())
def test_any_text_can_be_masked(text: str):
    spans = personal(text)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert masked(masked(text)) == masked(text)


@pytest.mark.parametrize("piece", CASES["hostile"])
def test_a_hostile_text_takes_no_longer_than_its_length(piece: str):
    short, long = (piece * 1000)[:1000], (piece * 4000)[:4000]
    began = time.process_time()
    masked(short)
    assert time.process_time() - began < 0.5  # 0.002 to 0.09 here
    masked(long)
    assert time.process_time() - began < 3  # a square of the length would be 16 times as long


def test_the_lists_do_not_contradict_each_other():
    has = name_lists()
    lists = {"ordinary": has.ordinary, "known": has.known, "both": has.both, "titles": has.titles}
    assert [(a, b) for a, b in combinations(lists, 2) if lists[a] & lists[b]] == []
    assert all(word == word.lower() for words in has for word in words)
