"""What is done at the command line stands in the log of the scope it was done to, as operator."""

from pathlib import Path

import pytest

from bot.core.pseudonyms import OPERATOR
from storage.database.connect import open_engine
from storage.office import audit
from storage.scope import EVERYTHING
from tests.support.command_line import clean_desk, skm, with_units
from tests.support.offices import Chance, draft, respond

STANDARDS = "service,element,text\nBalik nama,cost,Gratis\nBalik nama,completion_time,1 hari\n"
WORDING = "service,item,not_applicable,1,2,3,4\nBalik nama,cost,no,A,B,C,D\n"


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> str:
    clean_desk(monkeypatch, tmp_path)
    return with_units(monkeypatch, sqlite_url)


def logged(url: str) -> list[tuple[str, str, object]]:
    engine = open_engine(url)
    with engine.connect() as connection:
        found = audit.page(connection, [EVERYTHING], 20)
    engine.dispose()
    assert {entry.by for entry in found} == {OPERATOR}
    assert all(entry.before is None for entry in found)
    return [(entry.action, entry.scope.name, entry.after) for entry in reversed(found)]


def test_each_change_is_logged_and_a_refused_one_is_not(url: str):
    Path("standards.csv").write_text(STANDARDS)
    Path("wording.csv").write_text(WORDING)
    engine = open_engine(url)
    with engine.begin() as connection:
        respond(connection, "SAMSAT-SK", Chance(1), draft(1_580_000_000))  # in January 2020
    engine.dispose()
    for done in (
        ("invite", "head", "samsat-bc", "--function", " Kepala  Samsat "),
        ("import", "standards", "standards.csv", "--unit", "SAMSAT-BC"),
        ("import", "wording", "wording.csv", "--unit", "SAMSAT-BC"),
        ("instrument", "RSUD-1", "spak-6"),
        ("publish", "SAMSAT-SK", "--period", "2020-Q1", "--yes"),
    ):
        result = skm(*done)
        assert result.exit_code == 0, result.output
    for refused in (
        ("invite", "head", "NONE"),
        ("invite", "head", "SAMSAT-BC", "--function", "x" * 41),
        ("publish", "SAMSAT-SK", "--period", "2020-Q1"),
    ):
        assert skm(*refused).exit_code == 1
    assert logged(url) == [
        ("edit_units", "Bapenda Kepri", {"units": 2}),
        ("edit_units", "Dinkes Sorong", {"units": 1}),
        ("invite", "SAMSAT-BC", {"role": "head", "function": "Kepala Samsat"}),
        ("edit_standards", "SAMSAT-BC", {"promises": 2}),
        ("edit_questions", "SAMSAT-BC", {"version": 2}),
        ("edit_questions", "RSUD-1", {"survey": "spak-6"}),
        ("run_periods", "SAMSAT-SK", {"period": "2020-Q1", "sheet": 1}),
    ]
