"""A change is published in all of the units it is for or in none; on what its admin has seen."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine

from flows.extra_question import Asked, Extra
from flows.instrument import Questionnaire
from flows.loader import SKM
from flows.office.questions.change import Add, Change, Edit, Move, Restore, Retire, Reword
from flows.survey.extra import MOST
from storage import publications, questionnaire_snapshot, questionnaires, units
from storage.database.connect import open_engine
from storage.publications import Published, Stale, Unfitting
from storage.scope import EVERYTHING
from tests.support.extra_questions import PARKING, QUEUE, in_force, texts
from tests.support.offices import (
    NOON,
    Person,
    count,
    kept,
    office,
    scoped,
    unit_of,
    unit_row,
    working,
)

BATAM, CIVIL = "SMST-BTM", "DUKCAPIL"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row(BATAM), unit_row(CIVIL)) as engine:
        yield engine


def publish(
    engine: Engine, change: Change, *scopes: str, at: int = NOON, note: str = "", agreed: str = ""
) -> Published | None:
    """On what is asked there now."""
    with engine.begin() as connection:
        version = questionnaire_snapshot.sight(connection, [*map(scoped, scopes)]).version
        return publications.publish(
            connection, [*map(scoped, scopes)], change, version, at, "by", note, agreed
        )


def test_a_change_is_made_in_each_units_own_questionnaire(engine: Engine):
    publish(engine, Add(QUEUE), BATAM)
    assert publish(engine, Add(PARKING), "*") == Published(1, 2, 3)
    assert texts(engine, BATAM) == [QUEUE.text, PARKING.text]
    assert texts(engine, CIVIL) == [PARKING.text]
    publish(engine, Move(PARKING.key, 1), BATAM)
    publish(engine, Edit(PARKING.key, {"text": "Parkirnya?"}), "*")
    assert texts(engine, BATAM) == ["Parkirnya?", QUEUE.text]
    assert publish(engine, Retire("nowhere"), "*") is None


def test_what_units_ask_together_is_each_question_once(engine: Engine):
    publish(engine, Add(QUEUE), BATAM)
    publish(engine, Add(PARKING), CIVIL)
    with engine.begin() as connection:
        both = questionnaire_snapshot.sight(connection, [EVERYTHING])
        one = questionnaire_snapshot.sight(connection, [scoped(BATAM)])
    assert {extra.key for extra in both.asked.extras} == {QUEUE.key, PARKING.key}
    assert (both.units, one.units, one.version) == (2, 1, in_force(engine, BATAM).id)
    assert one.services == {"pajak": "Pajak tahunan", "stnk": "STNK"}


def test_where_it_does_not_fit_the_units_are_named_and_left_out_once_that_is_agreed(
    engine: Engine,
):
    for number in range(MOST):
        publish(engine, Add(Extra(f"q{number}", f"{number}?", "scale")), BATAM)
    before = count(engine, "publication")
    with pytest.raises(Unfitting) as refused:
        publish(engine, Add(PARKING), "*")
    assert (refused.value.units, refused.value.rest) == ([f"Kantor {BATAM}"], 1)
    assert refused.value.why.key == "question.full"
    assert count(engine, "publication") == before
    publish(engine, Add(PARKING), "*", agreed=refused.value.mark)
    assert (len(texts(engine, BATAM)), texts(engine, CIVIL)) == (MOST, [PARKING.text])


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (Asked("x_gone", ("1",)), "question.follows"),
        (Asked("service", ("nowhere",)), "question.follows"),
        (Asked(f"x_{QUEUE.key}", ("5",)), "question.follows"),
    ],
)
def test_a_question_that_nothing_there_leads_to_is_refused(engine: Engine, asked: Asked, why: str):
    publish(engine, Add(QUEUE), BATAM)
    with pytest.raises(Unfitting) as refused:
        publish(engine, Add(Extra("a", "?", "scale", asked=asked)), BATAM)
    assert refused.value.why.key == why


def test_a_question_does_not_come_before_what_it_follows_from_nor_twice(engine: Engine):
    then = Extra("a", "Berapa?", "number", asked=Asked(f"x_{QUEUE.key}", ("1",)))
    publish(engine, Add(QUEUE), BATAM)
    publish(engine, Add(then), BATAM)
    for change in (Move("a", 1), Retire(QUEUE.key), Add(Extra("b", "BERAPA?", "text"))):
        with pytest.raises(Unfitting):
            publish(engine, change, BATAM)
    publish(engine, Edit(QUEUE.key, {"key": "c", "text": "Antreannya?"}), BATAM)
    assert in_force(engine, BATAM).extras[1].asked == Asked("x_c", ("1",))  # follows its successor


def test_what_was_wrong_already_keeps_nobody_from_changing_the_rest(engine: Engine):
    """A service that is offered no more was still asked about."""
    publish(engine, Reword("stnk", "cost", tuple("ABCD")), BATAM)
    with engine.begin() as connection:
        units.save(connection, [unit_row(BATAM, services=[{"id": "pajak", "label": "Pajak"}])])
    publish(engine, Add(PARKING), BATAM)
    assert texts(engine, BATAM) == [PARKING.text]
    with pytest.raises(Unfitting) as refused:
        publish(engine, Reword("mutasi", "cost", tuple("ABCD")), BATAM)
    assert refused.value.why.key == "question.service.gone"


def test_a_former_version_is_published_again_in_each_unit(engine: Engine):
    publish(engine, Add(QUEUE), BATAM)
    both = publish(engine, Add(PARKING), "*", note="rapat")
    publish(engine, Retire(PARKING.key), BATAM, at=NOON + 1)
    assert both
    publish(engine, Restore(both.before), "*", at=NOON + 2)
    assert (texts(engine, BATAM), texts(engine, CIVIL)) == ([QUEUE.text], [])
    with engine.begin() as connection:
        made = publications.history(connection, [scoped(BATAM)], 9)
        together = publications.history(connection, [EVERYTHING], 9)
    assert [each.number for each in made] == [4, 3, 2]  # the last left Batam as it was
    assert [(each.units, each.note) for each in together] == [
        (1, ""), (1, ""), (2, "rapat"), (1, ""),
    ]  # fmt: skip
    publish(engine, Restore(questionnaire_snapshot.FIRST), BATAM)
    assert texts(engine, BATAM) == []


def test_of_two_admins_at_once_the_second_is_told(engine: Engine):
    with engine.begin() as connection:
        seen = questionnaire_snapshot.sight(connection, [scoped(BATAM)]).version
    publish(engine, Add(QUEUE), BATAM)
    with engine.begin() as connection, pytest.raises(Stale):
        publications.publish(connection, [scoped(BATAM)], Add(PARKING), seen, NOON, "by")
    assert texts(engine, BATAM) == [QUEUE.text]


@pytest.mark.parametrize("survey", [SKM, "spak"])
def test_of_two_processes_at_once_one_publishes(postgres_url: str, survey: str):
    both = Barrier(2)

    def attempt(extra: Extra) -> bool:
        engine = open_engine(postgres_url)
        try:
            with engine.begin() as connection:
                seen = questionnaire_snapshot.sight(connection, [EVERYTHING], survey=survey).version
                both.wait(10)
                publications.publish(
                    connection, [EVERYTHING], Add(extra), seen, NOON, "by", survey=survey
                )
        except Stale:
            return False
        finally:
            engine.dispose()
        return True

    with (
        office(postgres_url, unit_row(BATAM), unit_row(CIVIL)) as engine,
        ThreadPoolExecutor() as pool,
    ):
        run_beside(engine, BATAM, CIVIL)
        assert sorted(pool.map(attempt, (PARKING, QUEUE))) == [False, True]
        found = [beside(engine, code) for code in (BATAM, CIVIL)]
        if survey == SKM:
            found = [texts(engine, code) for code in (BATAM, CIVIL)]
        assert found[0] == found[1]
        assert len(found[0]) == 1


def run_beside(engine: Engine, *codes: str) -> None:
    with engine.begin() as connection:
        for code in codes:
            unit = unit_of(connection, code)
            publications.publish_one(connection, unit, Questionnaire("spak-6"), NOON, "by")


def beside(engine: Engine, code: str) -> list[str] | None:
    """The extra questions of its survey about corruption."""
    with engine.connect() as connection:
        asked = questionnaires.in_force(connection, unit_of(connection, code), "spak")
        return asked and [extra.text for extra in questionnaires.get(connection, asked).extras]


def test_another_survey_has_questions_of_its_own(engine: Engine):
    """In the units that run it, and in no other; the SKM stays."""
    run_beside(engine, BATAM)
    publish(engine, Add(QUEUE), "*")
    with engine.begin() as connection:
        seen = questionnaire_snapshot.sight(connection, [EVERYTHING], survey="spak")
        assert (seen.units, seen.version, seen.asked) == (1, "spak-6", Questionnaire("spak-6"))
        made = publications.publish(
            connection, [EVERYTHING], Add(PARKING), "spak-6", NOON + 1, "by", survey="spak"
        )
    assert made is not None
    assert (beside(engine, BATAM), beside(engine, CIVIL)) == ([PARKING.text], None)
    assert texts(engine, BATAM) == texts(engine, CIVIL) == [QUEUE.text]
    with engine.begin() as connection:
        seen = questionnaire_snapshot.sight(connection, [EVERYTHING], survey="spak")
        back = Restore(made.before)
        publications.publish(
            connection, [EVERYTHING], back, seen.version, NOON + 2, "by", survey="spak"
        )
        history = publications.history(connection, [scoped(BATAM)], 9, "spak")
    assert beside(engine, BATAM) == []
    assert [each.number for each in history] == [5, 4, 2]  # the third is the SKM's
    assert texts(engine, BATAM) == [QUEUE.text]


async def test_a_retired_question_is_still_asked_in_a_survey_under_way(engine: Engine):
    publish(engine, Add(PARKING), BATAM)
    step = f"x_{PARKING.key}"
    with working(engine) as turns:
        rini, budi = Person(turns, "tg:1"), Person(turns, "tg:2")
        await rini.survey(BATAM, stop=step)
        publish(engine, Retire(PARKING.key), BATAM)
        while rini.shown and rini.shown.choices[0].step == step:
            await rini.tap("2")
        assert kept(engine, "tg:1").answers[step] == "2"
        await budi.survey(BATAM)
        assert step not in kept(engine, "tg:2").answers
