"""Abusive words are folded, in their disguises too; what only looks like one stays."""

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.comments.abuse import MARK, abusive, folded
from tests.support.growth import MOST, growth
from tests.support.paths import TESTS

DATA = TESTS / "data"
CASES = tomllib.loads((DATA / "comments.toml").read_text("utf-8"))
_MARKED = re.compile(r"\{([^}]*)\}")


@pytest.mark.parametrize("sentence", CASES["abuse"]["folded"])
def test_an_abusive_word_is_folded_however_it_is_written(sentence: str):
    text = _MARKED.sub(r"\1", sentence)
    assert folded(text) == _MARKED.sub(MARK, sentence)
    assert [text[span.start : span.end] for span in abusive(text)] == _MARKED.findall(sentence)


@pytest.mark.parametrize("text", CASES["abuse"]["untouched"])
def test_what_only_looks_like_one_stays(text: str):
    assert folded(text) == text


def test_ordinary_comments_have_none():
    harmless = tomllib.loads((DATA / "masking.toml").read_text("utf-8"))["ordinary"]
    texts = harmless + CASES["complaints"]["none"]
    assert [text for text in texts if abusive(text)] == []


@given(st.text(alphabet="anjig 4*.b@!stko0l-"))
def test_folded_twice_is_folded_once(text: str):
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize("piece", ["a", "a ", "a.", "*", "a*", "4", "anjing", "anj ", "1l!", "go*"])
def test_a_hostile_text_takes_no_longer_than_its_length(piece: str):
    assert growth(folded, piece) < MOST
    assert growth(folded, (piece * 40)[:40] + " ") < MOST
