"""Surveys that a unit runs beside its SKM: put in force, answered, counted apart."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from flows.extra_question import Extra
from flows.instrument import Questionnaire
from reports.digest.unit_week import composed
from storage import publications, questionnaires
from storage.database.connect import open_engine
from storage.periods import parse
from tests.support.command_line import clean_desk, data, refusal, skm, with_units
from tests.support.instruments import CURRENT
from tests.support.offices import NOON, Person, count, unit_of, working


@pytest.fixture(autouse=True)
def _a_clean_desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clean_desk(monkeypatch, tmp_path)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Iterator[Engine]:
    engine = open_engine(with_units(monkeypatch, database_url))
    yield engine
    engine.dispose()


def in_force(engine: Engine, survey: str) -> str | None:
    with engine.begin() as connection:
        return questionnaires.in_force(connection, unit_of(connection, "SAMSAT-SK"), survey)


def publish(engine: Engine, *asked: Questionnaire) -> None:
    with engine.begin() as connection:
        unit = unit_of(connection, "SAMSAT-SK")
        for each in asked:
            publications.publish_one(connection, unit, each, NOON, "by")


def test_a_unit_runs_another_survey_and_its_skm_stays(engine: Engine):
    done = skm("instrument", "samsat-sk", "spak-6", "--qr", "spak.png")
    assert done.stdout == "https://t.me/skm_uji_bot?start=SAMSAT-SK__spak\n"
    assert Path("spak.png").read_bytes().startswith(b"\x89PNG")
    assert skm("instrument", "samsat-sk", "spak-6").stdout == done.stdout
    skm("instrument", "samsat-sk", "spkp")
    assert count(engine, "publication") == 2
    found = {survey: in_force(engine, survey) for survey in ("skm", "spak", "spkp", "f-03", "apa")}
    assert found == {"skm": CURRENT, "spak": "spak-6", "spkp": "spkp", "f-03": None, "apa": None}


def test_the_last_published_of_a_survey_is_in_force(engine: Engine):
    more = Questionnaire("spak-4", (Extra("a1", "Lain?", "text"),))
    publish(engine, Questionnaire("spak-6"), more, Questionnaire("spkp"))
    assert in_force(engine, "spak") == more.id
    publish(engine, Questionnaire("spak-6"))
    assert in_force(engine, "spak") == "spak-6"


@pytest.mark.parametrize("name", ["ikm-25-2004", "skm-14-2017"])
def test_only_what_is_asked_beside_the_skm_is_asked_so(engine: Engine, name: str):
    said = refusal("instrument", "SAMSAT-SK", name)
    assert said == f"{name} is not asked beside the SKM. These are: spkp, spak-6, spak-4, f-03."


async def test_answers_count_in_their_own_survey_alone(engine: Engine):
    """F-03: two answer all 0, two all 5, so 2.5; the SKM of three of them is 50."""
    publish(engine, Questionnaire("f-03"))
    with working(engine) as turns:
        people = [Person(turns, f"tg:{number}") for number in range(4)]
        for rini, value in zip(people, (0, 0, 5, 5), strict=True):
            await rini.survey("SAMSAT-SK__f-03", value, way="in_person")
        for rini in people[1:]:
            await rini.survey("SAMSAT-SK", 2)
    assert count(engine, "response") == count(engine, "voice") == 7
    found = data("index", "--unit", "SAMSAT-SK", "--instrument", "f-03")
    assert (found["n"], found["ikm"], found["grade"]) == (4, "2.50", None)
    assert data("index", "--unit", "SAMSAT-SK")["ikm"] == "50.00"
    assert data("index")["n"] == 3
    with engine.begin() as connection:
        digest = composed(connection, unit_of(connection, "SAMSAT-SK"), parse("2026-W47"))
    assert (digest.n, digest.sample.n) == (3, 3)
    assert skm("verify").exit_code == 0


async def test_a_form_in_progress_keeps_the_instrument_it_began_with(engine: Engine):
    publish(engine, Questionnaire("spak-4"))
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey("SAMSAT-SK__spak", 4, stop="comment")
        publish(engine, Questionnaire("spak-6"))
        await rini.tap("-skipped")
        await rini.tap("-skip_all")
        await rini.tap("send")
        shown = await Person(turns, "tg:2").survey("SAMSAT-SK__spak", stop="no_discrimination")
    assert len(shown.choices) == 6
    with engine.begin() as connection:
        kept = connection.execute(text("SELECT instrument FROM response")).scalars().all()
    assert kept == ["spak-4"]
