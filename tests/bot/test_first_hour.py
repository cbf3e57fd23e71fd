"""A new head: the digest comes when it was said to come; the example of one is nobody's."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from bot.core.channel import Picture
from reports.jobs.due_digests import digests, next_due
from storage.office import roles
from storage.office.digest_settings import DEFAULT, Wish
from tests.support.fake_channel import Office
from tests.support.offices import NOON, Chance, Person, office, scoped, unit_row, working

BTM = "SMST-BTM"


@pytest.fixture
def here(sqlite_url: str) -> Iterator[Office]:
    with office(sqlite_url, unit_row(BTM, name="Samsat Batam")) as engine:
        yield Office(engine)


def moment(day: str, hour: int) -> int:
    """Of the clock in Jakarta, UTC+7."""
    return int(datetime.fromisoformat(f"{day}T00:00+00:00").timestamp()) + (hour - 7) * 3600


# NOON is Thursday 19 November 2026. 24 and 25 December 2026 are days off, 26 and 27 a weekend.
@pytest.mark.parametrize(
    ("wish", "after", "due"),
    [
        (DEFAULT, NOON, moment("2026-11-23", 8)),
        (DEFAULT, moment("2026-11-23", 8) - 1, moment("2026-11-23", 8)),
        (DEFAULT, moment("2026-11-23", 8), moment("2026-11-30", 8)),
        (Wish("week", 4, 15), NOON, moment("2026-11-20", 15)),
        (Wish("month", 4, 9), NOON, moment("2026-12-01", 9)),
        (Wish("both", 4, 9), moment("2026-11-27", 9), moment("2026-12-01", 9)),
        (Wish("week", 3, 8), moment("2026-12-22", 8), moment("2026-12-28", 8)),
    ],
)
def test_when_the_next_digest_is_due(wish, after, due):
    assert next_due(wish, "Asia/Jakarta", after) == due


async def test_it_comes_when_it_was_said_to_come(here):
    with here.engine.begin() as connection:
        token = roles.invite(connection, "head", scoped(BTM), NOON, Chance())
        roles.join(connection, token, "tg:9", NOON)
    due = next_due(DEFAULT, "Asia/Jakarta", NOON)
    assert [digests(here.engine, at) for at in (NOON, due - 1, due)] == [0, 0, 1]


async def test_the_example_is_drawn_and_says_what_it_is(here):
    with here.engine.begin() as connection:
        token = roles.invite(connection, "head", scoped(BTM), NOON, Chance())
        roles.join(connection, token, "tg:9", NOON)
    with working(here.engine) as turns:
        await Person(turns, "tg:9").open(f"/contoh {BTM}")
    here.clock.at = NOON + 60
    await here.post().long_round()
    ((_, sent, _),) = here.channel.got
    assert isinstance(sent, Picture)
    assert sent.rows == ()
    assert sent.caption.startswith("CONTOH (angka rekaan) · 9–15 Nov 2026\nIKM ")
    assert "57 responden" in sent.caption
    assert "Samsat Batam" not in sent.caption
