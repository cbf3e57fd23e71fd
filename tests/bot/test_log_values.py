"""The log in words: what a change was and became, and nothing that only machines read."""

import pytest

from bot.office.people.log_values import LONGEST, changes
from flows.loader import words
from storage.office.audit import Entry, Said


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, {"role": "head"}, ["Kepala unit"]),
        ({"role": "officer", "of": "a3f19c00ffff"}, None, ["Petugas", "A3F19C"]),
        (None, {"role": "admin", "invited_by": "operator"}, ["Admin", "diundang operator"]),
        (
            {"status": "planned", "id": "7"},
            {"status": "done", "id": "8"},
            ["direncanakan → selesai"],
        ),
        ({"due": "2026-11-30"}, {"due": "2027-01-05"}, ["30 Nov 2026 → 5 Jan 2027"]),
        (
            None,
            {"element": "cost", "media": ["board", "website"]},
            ["Biaya/Tarif", "Papan pengumuman, Situs web"],
        ),
        ({"muted": []}, {"muted": ["radar"]}, ["– → Tanda radar"]),
        (
            {"version": 6},
            {"version": 7, "note": "rapat {x}\nkedua"},
            ["rapat {x} kedua", "versi 6 → versi 7"],
        ),
        ({"population": 500}, {"population": None}, ["500 → –"]),
        ({"name": "A"}, {"name": "A"}, []),
        (None, {"text": "a" * 500}, ["a" * (LONGEST - 1) + "…"]),
        (None, {"status": "no such status", "element": "none"}, ["none", "no such status"]),
        (None, None, []),
    ],
)
def test_a_change_in_words(before: Said, after: Said, said: list[str]):
    entry = Entry(0, "abc", "edit_units", "U-1", before, after)
    assert list(changes(entry, words("id"))) == said
