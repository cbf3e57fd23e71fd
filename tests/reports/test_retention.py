"""What would grow without end goes after its time; what is published and what proves it stays."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from reports.jobs.retention import Keep, retention
from reports.stored.fold import fold
from reports.stored.verify import verify
from storage.answers import responses
from storage.chat import outbox
from tests.support.instruments import CURRENT
from tests.support.offices import (
    NOON,
    Chance,
    count,
    draft,
    office,
    respond,
    run,
    unit_of,
    unit_row,
)

DAY = 86_400
KEEP = Keep(comments=400, sent=400, dropouts=800)


def words(engine) -> list[tuple[object, object]]:
    first, last = date(2020, 1, 1), date(2030, 1, 1)
    with engine.connect() as connection:
        unit = unit_of(connection, "SMST-BTM")
        return responses.written(connection, unit.id, CURRENT, first, last)


def test_words_go_after_their_time_and_figures_stay(database_url):
    said = {"x_1": {"text": "telepon saya 0812"}, "x_2": ["a"], "x_3": "4"}
    with office(database_url, unit_row("SMST-BTM")) as engine:
        with engine.begin() as connection:
            for at in (NOON, NOON + DAY):
                given = draft(at, comment="Nama saya Rini", extra=said)
                respond(connection, "SMST-BTM", Chance(at), given)
        fold(engine)
        before = count(engine, "response")
        assert retention(engine, NOON + 400 * DAY, KEEP) == 0  # neither is older than that
        assert retention(engine, NOON + 401 * DAY, KEEP) == 1
        (_, left), (_, gone) = sorted(words(engine), key=lambda each: not each[1])
        assert set(left) == {"x_1"}
        assert gone == {}
        assert count(engine, "response", "comment IS NULL") == 1
        with engine.connect() as connection:
            kept = connection.execute(text("SELECT extra FROM response WHERE comment IS NULL"))
            assert "0812" not in str(kept.scalar())
        assert verify(engine) == []  # tallies count that something was written
        assert count(engine, "response") == before


def test_what_was_sent_and_where_surveys_were_left(database_url):
    with office(database_url, unit_row("SMST-BTM")) as engine:
        with engine.begin() as connection:
            for number, kind in enumerate(("digest", "alert", "screen")):
                outbox.put(connection, f"{kind}", kind, "tg:1", {}, NOON)
                outbox.sent(connection, number + 1, NOON)
            outbox.put(connection, "waits", "digest", "tg:1", {}, NOON)
        run(
            engine,
            "INSERT INTO dropout (unit_id, service, questionnaire, step, month) VALUES"
            " (1, 's', 'q', 'cost', '2026-11'), (1, 's', 'q', 'cost', '2026-12')",
        )
        assert retention(engine, NOON + 401 * DAY, KEEP) == 2
        assert count(engine, "outbox") == 2  # a screen has a time of its own; one still waits
        month_later = date(2026, 12, 1) + timedelta(days=800)
        at = NOON + (month_later - date(2026, 11, 19)).days * DAY
        assert retention(engine, at, KEEP) == 1
        assert count(engine, "dropout", "month = '2026-12'") == count(engine, "dropout") == 1


def test_once_a_day(sqlite_url, monkeypatch):
    with office(sqlite_url, unit_row("SMST-BTM")) as engine:
        retention(engine, NOON, KEEP)
        looked = []
        monkeypatch.setattr(responses, "with_words", lambda *_: looked.append(1) or [])
        assert retention(engine, NOON + 3_600, KEEP) == 0
        assert looked == []
        retention(engine, NOON + DAY, KEEP)
        assert looked == [1]


@pytest.mark.parametrize("name", ["KEEP_COMMENTS", "KEEP_SENT", "KEEP_DROPOUTS"])
def test_no_shorter_than_what_is_read(monkeypatch, tmp_path, name):
    from bot.core.setting import SettingsUnfit
    from bot.settings import load
    from tests.support.command_line import clean_desk

    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setenv(f"SKM_{name}", "30")
    with pytest.raises(SettingsUnfit, match=rf"SKM_{name} is “30”; it must be a number of days"):
        load()
    monkeypatch.setenv(f"SKM_{name}", "500")
    assert 500 in (load().keep.comments, load().keep.sent, load().keep.dropouts)
