"""The log in words: what a change was and became, and nothing that only machines read."""

import pytest

from bot.office.people.log import did
from bot.office.people.log_values import LONGEST, changes, people
from flows.loader import words
from storage.office.audit import Entry, Said

CALLED = {"a3f19c00ffff": "A3F19C", "operator": "operator"}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, {"role": "head"}, ["Kepala unit"]),
        ({"role": "officer", "of": "a3f19c00ffff"}, None, ["Petugas", "A3F19C"]),
        (None, {"role": "admin", "invited_by": "operator"}, ["Admin", "diundang operator"]),
        (None, {"role": "officer", "function": "Loket 3"}, ["Petugas", "Loket 3"]),
        (None, {"period": "2026-Q3", "sheet": 4}, ["Triwulan III 2026", "lembar 4"]),
        (None, {"survey": "spak"}, ["Survei antikorupsi"]),
        (None, {"survey": "spak-6"}, ["Survei antikorupsi"]),
        (
            {"status": "planned", "id": "7"},
            {"status": "done", "id": "8"},
            ["Status: direncanakan → selesai"],
        ),
        ({"due": "2026-11-30"}, {"due": "2027-01-05"}, ["Tenggat: 30 Nov 2026 → 5 Jan 2027"]),
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
        (
            {"population": 500, "period": "quarter", "users": {}},
            {"population": None, "period": "month", "users": {"2026-S1": 900}},
            [
                "triwulan → bulan",
                "Pengguna per periode, umumnya: 500 → –",
                "Pengguna: – → Semester I 2026: 900",
            ],
        ),
        (
            {"services": [{"id": "a", "label": "Kartu keluarga"}]},
            {"services": [{"id": "b", "label": "KTP-el"}, {"id": "c", "label": "KIA"}]},
            ["Layanan: Kartu keluarga → KTP-el, KIA"],
        ),
        ({"name": "A"}, {"name": "A"}, []),
        (None, {"text": "a" * 500}, ["a" * (LONGEST - 1) + "…"]),
        (None, {"status": "no such status", "element": "none"}, ["none", "no such status"]),
        (None, None, []),
    ],
)
def test_a_change_in_words(before: Said, after: Said, said: list[str]):
    entry = Entry(0, "abc", "edit_units", "U-1", before, after)
    assert list(changes(entry, words("id"), CALLED)) == said


def test_a_function_stands_beside_its_person_and_so_is_not_said_again_where_they_join():
    said = {"role": "head", "function": "Kepala Samsat", "invited_by": "a3f19c00ffff"}
    entry = Entry(0, "abc", "join", "U-1", None, said)
    assert list(changes(entry, words("id"), CALLED)) == ["Kepala unit", "diundang A3F19C"]
    assert people([entry]) == {"abc", "a3f19c00ffff"}


def test_what_was_published_is_called_so_whatever_power_it_was_done_by():
    for action, said, told in (
        ("run_periods", {"period": "2026-Q3", "sheet": 1}, "menerbitkan hasil"),
        ("run_periods", {"users": {"2026-Q3": 900}}, "mengatur periode"),
        ("plan_follow_up", {"media": ["board"], "period": "2026-Q3"}, "mencatat publikasi hasil"),
        ("plan_follow_up", {"element": "cost"}, "mengubah tindak lanjut"),
    ):
        assert did(Entry(0, "abc", action, "U-1", None, said), words("id")) == told
    gone = Entry(0, "abc", "plan_follow_up", "U-1", {"media": ["board"]}, None)
    assert did(gone, words("id")) == "mencatat publikasi hasil"
