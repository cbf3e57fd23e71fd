"""Who rates and as what: citizens; officers for a citizen; who works there never."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from flows.survey.state import PREVIEW
from reports.jobs.due import expiries, reminders
from tests.support.changing import change
from tests.support.offices import Person, count, office, unit_row, working
from tests.support.visiting import DAY, ended, give, rows, visit


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST"), unit_row("DUKCAPIL")) as engine:
        yield engine


@pytest.mark.parametrize(
    ("role", "scope"),
    [("head", "SMST"), ("officer", "SMST"), ("admin", "Pemprov Contoh"), ("admin", "*"),
     ("evaluator", "*")],
)  # fmt: skip
async def test_whoever_has_a_role_in_the_unit_sees_a_preview_of_which_nothing_is_kept(
    engine, role, scope
):
    give(engine, "tg:1", role, scope)
    with working(engine) as turns:
        ani = Person(turns, "tg:1")
        assert (await ani.open("SMST")).body[0].key == f"survey.part.{PREVIEW}"
        await ani.survey("SMST", service="pajak")
        assert ended(ani) == "survey.previewed"
        if role != "officer":
            await ani.survey(visit(engine), service="pajak")
            assert ended(ani) == "survey.previewed"
        await ani.survey("SMST", service="pajak", stop="cost")
    assert reminders(engine, ani.at + DAY) == 0
    expiries(engine, ani.at + 8 * DAY)
    for table in ("response", "voice", "dropout", "conversation"):
        assert count(engine, table) == 0


async def test_of_another_unit_they_are_citizens(engine):
    give(engine, "tg:1", "head", "DUKCAPIL")
    with working(engine) as turns:
        await Person(turns, "tg:1").survey("SMST", service="pajak")
    assert rows(engine, "source", "verified") == [("chat", False)]


async def test_an_officer_fills_in_for_citizens_each_with_a_link_and_keeps_no_hold_on_it(engine):
    give(engine, "tg:1", "officer")
    with working(engine) as turns:
        ani = Person(turns, "tg:1")
        for _ in "ab":
            link = visit(engine)
            assert (await ani.open(link)).body[0].key == "survey.part.assisted"
            await ani.survey(link, service="pajak")
            assert ended(ani) == "survey.assisted"
        receipt = str(ani.shown.body[-1].params["code"])
        assert (await ani.open("/ubah")).body[0].key == "ended.over"
        assert (await ani.open(f"/hapus {receipt}")).body[0].key == "erase.assisted"
        assert (await ani.open(f"/cek {receipt}")).body[0].key.startswith("receipt.")
        assert (await ani.open(link)).body[0].key == "visit.used"
        await ani.survey("SMST", service="pajak")
        assert ended(ani) == "survey.previewed"
    assert rows(engine, "source", "verified", "claim") == [("assisted", True, None)] * 2


@pytest.mark.parametrize("with_link", [False, True])
async def test_a_role_gained_while_the_survey_is_open_is_seen_when_it_is_sent(engine, with_link):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey(visit(engine) if with_link else "SMST", stop="review", service="pajak")
        give(engine, "tg:1", "officer")
        await rini.tap("send")
    assert ended(rini) == "survey.previewed"
    assert count(engine, "response") == count(engine, "voice") == 0


async def test_a_role_lost_while_it_is_open_makes_no_voice_of_a_preview(engine):
    give(engine, "tg:1", "head")
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey("SMST", stop="review", service="pajak")
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM role"))
        await rini.tap("send")
    assert ended(rini) == "survey.previewed"
    assert count(engine, "response") == 0


async def test_a_role_gained_after_sending_changes_nothing_that_was_sent(engine):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey("SMST", value=2, service="pajak")
        await change(rini, 4)
        give(engine, "tg:1", "head")
        await rini.tap("send")
    assert ended(rini) == "survey.previewed"
    assert "4" not in str(rows(engine, "answers"))
