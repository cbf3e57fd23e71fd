"""A visit's link: one voice a visit, whoever's chat; only in time and of its service; no trace."""

import asyncio
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, inspect, text

from flows.engine.events import Tapped
from reports.stored.fold import fold
from reports.stored.verify import verify
from storage.database.connect import open_engine
from tests.support.changing import change
from tests.support.offices import NOON, Person, count, office, unit_row, working
from tests.support.visiting import DAY, TODAY, ended, rows, visit


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST"), unit_row("DUKCAPIL")) as engine:
        yield engine


# Two accounts, services and periods, with and without a visit's link: how many of two count.
LATER = 60 * DAY  # in the next quarter
NONE, SAME, OTHER = "none", "the same", "another"
TWICE = [
    # link of the first, of the second, same chat, same service, seconds later, counted
    (NONE, NONE, True, True, 0, 1),
    (NONE, NONE, True, True, LATER, 2),
    (NONE, NONE, True, False, 0, 2),
    (NONE, NONE, False, True, 0, 2),
    (SAME, SAME, True, True, 0, 1),
    (SAME, SAME, True, False, 0, 1),
    (SAME, SAME, False, True, 0, 1),
    (SAME, SAME, False, False, 0, 1),
    (SAME, SAME, False, True, LATER, 1),
    (SAME, OTHER, True, True, 0, 2),
    (SAME, OTHER, False, True, 0, 2),
    (SAME, NONE, True, True, 0, 2),
    (NONE, SAME, True, True, 0, 2),
]


@pytest.mark.parametrize(("first", "second", "chat", "service", "later", "counted"), TWICE)
async def test_one_voice_a_visit_else_one_a_person_service_and_period(
    engine, first, second, chat, service, later, counted
):
    links = {NONE: "SMST", SAME: visit(engine), OTHER: visit(engine)}
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey(links[first], service="pajak")
        again = rini if chat else Person(turns, "tg:2", at=rini.at)
        again.at += later
        await again.survey(links[second], service="pajak" if service else "stnk")
    assert count(engine, "response") == count(engine, "voice") == counted


async def test_a_link_used_at_the_end_of_a_period_is_used_in_the_next_one_too(engine):
    link, new_years_eve = visit(engine, day=date(2026, 12, 31)), NOON + 42 * DAY
    with working(engine) as turns:
        await Person(turns, "tg:1", at=new_years_eve).survey(link, service="pajak")
        shown = await Person(turns, "tg:2", at=new_years_eve + 2 * DAY).open(link)
    assert shown.body[0].key == "visit.used"


async def test_one_used_first_in_the_next_period_counts_there_once_and_can_be_erased(engine):
    link, second_of_january = visit(engine, day=date(2026, 12, 31)), NOON + 44 * DAY
    with working(engine) as turns:
        rini = Person(turns, "tg:1", at=second_of_january)
        await rini.survey(link, service="pajak")
        budi = Person(turns, "tg:2", at=second_of_january)
        assert (await budi.open(link)).body[0].key == "visit.used"
        assert rows(engine, "verified") == [(True,)]
        await rini.tap("withdraw")
        assert (await rini.tap("erase")).body[0].key == "erase.done"


async def test_of_two_chats_with_one_link_the_first_to_send_counts(engine):
    """Also where two processes take them at once."""
    link, other = visit(engine), open_engine(engine.url.render_as_string(hide_password=False))
    with working(engine) as one, working(other, seed=2) as two:
        rini, budi = Person(one, "tg:1"), Person(two, "tg:2")
        for each, value in ((rini, 1), (budi, 4)):
            await each.survey(link, value, stop="review", service="pajak")
        await asyncio.gather(budi.tap("send"), rini.tap("send"))
        assert {ended(rini), ended(budi)} == {"survey.thanks", "visit.taken"}
        late = rini if ended(rini) == "visit.taken" else budi
        assert (await late.tap("ordinary")).body[0].key == "survey.consent"
    other.dispose()
    assert rows(engine, "source", "verified") == [("chat", True)]
    assert count(engine, "voice") == 1


async def test_a_verified_answer_is_changed_and_erased_as_any_other(engine):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey(visit(engine), value=1, service="pajak")
        await change(rini, 4)
        await rini.tap("change")
        await rini.tap("service")
        await rini.tap("stnk")
        assert (await rini.tap("send")).body[0].key == "survey.thanks"
        assert rows(engine, "service", "verified", "source") == [("stnk", True, "chat")]
        assert count(engine, "voice") == 1
        fold(engine)
        assert verify(engine) == []
        await rini.tap("withdraw")
        assert (await rini.tap("erase")).body[0].key == "erase.done"
    assert count(engine, "response") == 0
    assert verify(engine) == []


async def test_a_link_for_a_service_asks_no_other(engine):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey(visit(engine, "stnk"), stop="review")
        shown = await rini.tap("change")
        assert "service" not in [button.choice for button in shown.choices]
        forged = Tapped("99", rini.at, shown.conversation, "service", "pajak")
        assert (await rini.send(forged)).notes[0].key == "stale"
        rini.event = 99
        await rini.tap("stay")
        await rini.tap("send")
    assert rows(engine, "service", "verified") == [("stnk", True)]


@pytest.mark.parametrize(
    ("later", "note"), [(-1, "visit.days"), (0, ""), (7, ""), (8, "visit.days")]
)
async def test_on_other_days_it_opens_the_ordinary_survey(engine, later, note):
    link = visit(engine, day=TODAY - timedelta(later))
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        shown = await rini.open(link)
        assert [line.key for line in shown.notes] == ([note] if note else [])
        await rini.survey(link, service="pajak")
    assert rows(engine, "verified") == [(not note,)]


async def test_opened_in_time_it_may_be_sent_a_week_later_but_not_for_ever(engine):
    links = [visit(engine) for _ in "ab"]
    with working(engine) as turns:
        last = NOON + 7 * DAY  # on which it opens
        rini, budi = Person(turns, "tg:1", at=last), Person(turns, "tg:2", at=last)
        for each, link in zip((rini, budi), links, strict=True):
            await each.survey(link, stop="review", service="pajak")
        rini.at, budi.at = last + 7 * DAY - 60, last + 7 * DAY + 60
        await rini.tap("send")
        await budi.tap("send")
    assert (ended(rini), ended(budi)) == ("survey.thanks", "over")
    assert count(engine, "response") == 1


@pytest.mark.parametrize("payload", ["v_" + "A" * 52, "v_x", "v_", "/kunjungan x", "/kunjungan "])
async def test_what_we_did_not_sign_leads_to_finding_the_unit(engine, payload):
    with working(engine) as turns:
        shown = await Person(turns, "tg:1").open(payload)
    assert shown.body[-1].key == "find.query"
    assert shown.notes[0].key in ("visit.unknown", "unit_unknown")


async def test_a_link_for_a_service_that_is_no_more_opens_the_ordinary_survey(engine):
    link = visit(engine, "mutasi")
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        shown = await rini.open(link)
        assert (shown.notes[0].key, shown.body[0].key) == ("visit.unknown", "survey.consent")
        await rini.survey(link, service="pajak")
    assert rows(engine, "verified") == [(False,)]


async def test_a_visits_link_takes_up_no_survey_that_was_begun_without_it(engine):
    """Else the visit would be lost; and the poster's link leads back to what was begun with it."""
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey("SMST", stop="procedure", service="pajak")
        shown = await rini.open(visit(engine))
        assert shown.body[-1].key == "resume"
        shown = await rini.tap(shown.choices[-1].choice)
        await rini.tap("agreed")
        await rini.tap("pajak")
        assert (await rini.open("SMST")).body[-1].key.endswith(".requirements")
        await rini.tap("3")
        for _ in range(8):
            await rini.tap("3")
        for choice in ("-skipped", "-skip_all", "send"):
            await rini.tap(choice)
    assert rows(engine, "verified") == [(True,)]


async def test_a_link_leaves_no_trace_once_it_is_used(engine):
    """Neither the token nor its seal, in whatever table; while it is open only sealed."""
    link = visit(engine)
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey(link, stop="review", service="pajak")
        assert link[2:] not in everything(engine)
        assert "/kunjungan" in everything(engine)
        await rini.tap("send")
    said = everything(engine)
    for trace in (link[2:], link[20:40], "/kunjungan", '"visit"', '"part"'):
        assert trace not in said


def everything(engine: Engine) -> str:
    with engine.connect() as connection:
        tables = inspect(engine).get_table_names()
        found = [connection.execute(text(f'SELECT * FROM "{name}"')).all() for name in tables]
    return str(found)
