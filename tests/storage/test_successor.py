"""A successor of the instrument is one file and a day (`tests.support.successor`)."""

import ast
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flows.extra_question import Asked, Extra
from flows.instrument import Questionnaire, Wording
from flows.loader import SKM, element_line, instrument, instrument_of
from flows.office.question_change import Restore, changed, under
from reports.digest.unit_week import composed
from reports.sheets.publish import made
from storage import publications, questionnaires, units
from storage.answers import responses
from storage.answers.responses import Draft
from storage.periods import parse
from tests.support.instruments import CURRENT
from tests.support.offices import office, unit_of, unit_row
from tests.support.successor import SUCCESSOR, successor

LAST, FIRST = date(2026, 12, 31), date(2027, 1, 1)
BEFORE, AFTER = (int(datetime(y, m, d, 5, tzinfo=UTC).timestamp())
                 for y, m, d in ((2026, 12, 31), (2027, 1, 1)))  # fmt: skip


@pytest.fixture(autouse=True)
def made_up(tmp_path: Path) -> Iterator[None]:
    with successor(tmp_path / "instruments"):
        yield


def test_the_instrument_of_a_day_is_the_last_that_had_begun():
    assert [instrument_of(SKM, day).id for day in (date(2000, 1, 1), LAST, FIRST)] == [
        CURRENT, CURRENT, SUCCESSOR,
    ]  # fmt: skip
    assert element_line("facilities", FIRST).key == f"{CURRENT}.facilities.name"
    assert element_line("online", FIRST).key == f"{SUCCESSOR}.online.name"
    assert element_line("cost", LAST).key == f"{CURRENT}.cost.name"


def test_a_questionnaire_keeps_what_still_has_a_meaning():
    always, follows = Extra("a", "Parkir?", "text"), Asked("facilities", ("1", "2"))
    low = Extra("b", "Apa yang kurang?", "text", asked=follows)
    other = Extra("c", "Berapa?", "text", asked=Asked("cost", ("1", "2")))
    asked = Questionnaire(
        CURRENT, (always, low, other), (Wording("ktp", without=("cost", "facilities")),)
    )
    after = under(asked, instrument(SUCCESSOR))
    assert after == Questionnaire(SUCCESSOR, (always, other), (Wording("ktp", without=("cost",)),))
    assert changed(after, Restore(1, asked)) == after  # what was asked before comes by the new one


def test_units_change_over_where_their_period_begins_and_once(database_url: str):
    rows = [unit_row("QUARTER"), unit_row("YEAR", period="year"), unit_row("MONTH", period="month")]
    with office(database_url, *rows) as engine, engine.begin() as connection:
        assert publications.change_over(connection, BEFORE) == 0
        assert publications.change_over(connection, AFTER, unit_of(connection, "MONTH").id) == 1
        assert publications.change_over(connection, AFTER) == 2
        assert publications.change_over(connection, AFTER) == 0
        for code in ("QUARTER", "YEAR", "MONTH"):
            unit = units.by_code(connection, code)
            assert unit is not None
            assert questionnaires.instrument_in(unit.questionnaire) == SUCCESSOR


def test_digest_and_sheet_follow_and_nothing_is_compared_across(database_url: str):
    with office(database_url, unit_row("U")) as engine, engine.begin() as connection:
        unit = unit_of(connection, "U")
        publications.change_over(connection, AFTER)
        for by, days in ((CURRENT, (date(2026, 12, 30),)), (SUCCESSOR, (FIRST, date(2027, 1, 6)))):
            questionnaires.keep(connection, Questionnaire(by))
            answers = dict.fromkeys(instrument(by).keys, 3)
            drafts = [Draft("umum", by, by, "tg", day, answers) for day in days for _ in range(40)]
            number = iter(range(10**6))
            responses.keep_all(
                connection,
                unit,
                drafts,
                lambda n, c=number, b=by: f"{b}{next(c):9}".encode()[-n:].rjust(n, b"0"),
            )
        old, new = (composed(connection, unit, parse(name)) for name in ("2026-W53", "2027-W01"))
        assert (old.instrument, old.last, old.n) == (CURRENT, LAST, 40)
        assert (new.instrument, new.n, new.change) == (SUCCESSOR, 40, None)
        assert {each.before for each in new.elements} == {None}
        sheets = [
            made(connection, unit, parse(q), AFTER + 10**7).content for q in ("2026-Q4", "2027-Q1")
        ]
        assert [(each["instrument"], each["n"]) for each in sheets] == [
            (CURRENT, 40),
            (SUCCESSOR, 80),
        ]


def test_no_module_freezes_an_instrument_when_it_is_imported():
    asks = {"instrument", "instrument_of", "of_today", "instrument_on"}
    frozen = []
    for folder in ("flows", "storage", "reports", "bot"):
        for file in Path(folder).rglob("*.py"):
            tree = ast.parse(file.read_text("utf-8"))
            inside = {
                id(node)
                for each in ast.walk(tree)
                if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
                for part in (each.body if isinstance(each.body, list) else [each.body])
                for node in ast.walk(part)
            }
            frozen += [
                f"{file}:{node.lineno}"
                for node in ast.walk(tree)
                if isinstance(node, ast.Call)
                and id(node) not in inside
                and getattr(node.func, "id", getattr(node.func, "attr", "")) in asks
            ]
    assert frozen == []
