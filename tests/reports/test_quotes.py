"""A citizen's words in a caption: harmless ones, of five or more, or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.comments import quotes
from reports.comments.quotes import LETTERS, LONGEST
from storage.answers.responses import Unmasked


def chosen(reasons: list[str]) -> str:
    return quotes.chosen([Unmasked(reason) for reason in reasons])


OTHERS = ["lama", "lama", "lama", "lama"]  # too short to be told


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("antre cek fisik dua jam", "antre cek fisik dua jam"),
        ("  antre\ncek fisik  dua jam. ", "antre cek fisik dua jam"),
        ("antre 2 jam di loket", ""),  # a number may be anybody's
        ("loket Bu Sari Wulandari sangat lambat", ""),  # a name is masked
        ("petugasnya anjing, lambat sekali", ""),  # abuse is folded
        ("lambat", ""),
        ("lama " * (LONGEST + 1), ""),
        ("x" * LETTERS + " lama", ""),
        ("hubungi saya@contoh.id ya", ""),
        ("lama <b>sekali</b> antrenya", ""),
    ],
)
def test_what_is_told(reason, told):
    assert chosen([reason, *OTHERS]) == told


def test_of_fewer_than_five_none_is_told():
    assert chosen(["antre cek fisik dua jam", *OTHERS[:3]]) == ""


@given(st.permutations(["antre cek fisik dua jam", "loketnya hanya satu saja", *OTHERS]))
def test_everyone_is_told_the_same(reasons):
    assert chosen(reasons) == chosen(sorted(reasons))
