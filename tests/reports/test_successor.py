"""A successor of the instrument is one file and a day (`tests.support.successor`)."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from flows.engine.screen import ENDED
from flows.extra_question import Asked, Extra
from flows.instrument import Questionnaire, Wording
from flows.loader import element_line, instrument, skm_on, words
from flows.office.questions.change import Restore, changed, under
from reports.digest.caption import digest_text
from reports.digest.unit_week import weekly
from reports.official_report.gathered import of_period
from reports.sheets.publish import publish
from reports.stored.fold import fold
from storage import publications, questionnaires, units
from storage.answers.responses import Draft
from storage.periods import parse
from tests.support.command_line import clean_desk, data
from tests.support.instruments import CURRENT
from tests.support.offices import Chance, Person, keep_all, office, unit_of, unit_row, working
from tests.support.successor import SUCCESSOR, successor

LAST, FIRST = date(2026, 12, 31), date(2027, 1, 1)
BEFORE, AFTER = (int(datetime(y, m, d, 5, tzinfo=UTC).timestamp())
                 for y, m, d in ((2026, 12, 31), (2027, 1, 1)))  # fmt: skip


@pytest.fixture(autouse=True)
def made_up(tmp_path: Path) -> Iterator[None]:
    with successor(tmp_path / "instruments"):
        yield


def test_the_instrument_of_a_day_is_the_last_that_had_begun():
    assert [skm_on(day).id for day in (date(2000, 1, 1), LAST, FIRST)] == [
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
        assert publications.change_over(connection, AFTER, most=1) == 1  # some at a time
        assert publications.change_over(connection, AFTER) == 1
        assert publications.change_over(connection, AFTER) == 0
        for code in ("QUARTER", "YEAR", "MONTH"):
            unit = units.by_code(connection, code)
            assert unit is not None
            assert questionnaires.instrument_in(unit.questionnaire) == SUCCESSOR


@pytest.fixture
def answered(database_url: str) -> Iterator[Engine]:
    """40 say 3 to all at the end of the year; 80 say 4 to the successor in the new one, half of
    them in the year's last week, which is still running then."""
    with office(database_url, unit_row("U", population=None)) as engine:
        with engine.begin() as connection:
            unit = unit_of(connection, "U")
            publications.change_over(connection, AFTER)
            questionnaires.keep(connection, Questionnaire(CURRENT))
            random = Chance("successor")
            for by, value, days in (
                (CURRENT, 3, (date(2026, 12, 30),)),
                (SUCCESSOR, 4, (FIRST, date(2027, 1, 6))),
            ):
                answers = dict.fromkeys(instrument(by).keys, value)
                drafts = [Draft("pajak", by, by, "tg", d, answers) for d in days for _ in range(40)]
                keep_all(connection, unit, drafts, random)
        fold(engine)
        yield engine


def test_digests_follow_and_compare_nothing_across(answered: Engine):
    with answered.begin() as connection:
        unit = unit_of(connection, "U")
        old, new = (weekly(connection, unit, parse(w), AFTER) for w in ("2026-W53", "2027-W01"))
    assert (old.instrument, old.first, old.last, old.n) == (CURRENT, date(2026, 12, 28), LAST, 40)
    assert (new.instrument, new.first, new.n, new.ikm) == (SUCCESSOR, FIRST, 80, "100.00")
    assert new.course is not None
    assert (new.course.verdict, len(new.course.weeks)) == ("early", 1)
    assert {(each.before, each.change) for each in new.elements} == {(None, None)}
    assert [each.key for each in new.elements] == list(instrument(SUCCESSOR).keys)


def test_a_digest_gives_no_advice_that_no_catalogue_has(answered: Engine):
    with answered.begin() as connection:
        digest = weekly(connection, unit_of(connection, "U"), parse("2027-W01"), AFTER)
    said = digest_text(replace(digest, weakest=("online",)), words("id"))
    assert "IKM 100,00" in said
    assert "Minggu ini:" not in said


def test_sheets_and_report_follow_and_the_trend_is_marked(answered: Engine):
    at = AFTER + 100 * 86_400
    with answered.begin() as connection:
        unit = unit_of(connection, "U")
        sheets = [publish(connection, unit, parse(q), at) for q in ("2026-Q4", "2027-Q1")]
        assert [(each["instrument"], each["n"]) for each in sheets] == [
            (CURRENT, 40),
            (SUCCESSOR, 80),
        ]
        made = of_period(connection, unit, parse("2027-Q1"), at)
    (before,) = made.trend
    assert (made.instrument, made.figures.headline.ikm) == (SUCCESSOR, "100.00")
    assert (before.period, before.headline.ikm, before.comparable) == ("2026-Q4", "75.00", False)
    (mark,) = before.marks
    assert CURRENT in mark
    assert SUCCESSOR in mark


def test_the_ranking_follows(
    answered: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setenv("SKM_DATABASE_URL", database_url)
    for period, n, ikm in (("2026-Q4", 40, "75.00"), ("2027-Q1", 80, "100.00")):
        (place,) = data("rank", "--period", period)["ranking"]
        assert (place["n"], place["ikm"]) == (n, ikm)


async def test_a_survey_goes_on_as_it_was_begun_and_the_next_is_by_the_successor(database_url: str):
    """No job has run meanwhile: the first tap of the year changes the unit over."""
    midnight = int(datetime(2027, 1, 1, tzinfo=ZoneInfo("Asia/Jakarta")).timestamp())
    with office(database_url, unit_row("SMST-BTM")) as engine, working(engine) as turns:
        late = Person(turns, "tg:1", at=midnight - 600)
        shown = await late.survey("SMST-BTM", stop="comment")
        late.at = midnight + 600
        while shown.choices[0].step != ENDED:
            offered = [button.choice for button in shown.choices]
            shown = await late.tap("-skipped" if "-skipped" in offered else "send")
        await Person(turns, "tg:2", at=midnight + 700).survey("SMST-BTM")
        with engine.connect() as connection:
            query = "SELECT instrument, local_date, answers FROM response ORDER BY local_date"
            kept = connection.exec_driver_sql(query).all()
    found = [(by, str(day), "online" in answers) for by, day, answers in kept]
    assert found == [(CURRENT, str(LAST), False), (SUCCESSOR, str(FIRST), True)]


def test_no_module_freezes_an_instrument_when_it_is_imported():
    asks = {"instrument", "skm_on", "of_today", "instrument_on"}
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
