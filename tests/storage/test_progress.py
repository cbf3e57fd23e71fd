"""An older copy of the database in its place is noticed, before anything is sent a second time."""

import shutil
from pathlib import Path

import pytest

from bot.core.watch.each_minute import _mark, of_file, require_newest
from bot.core.watch.outage import Outage
from storage.chat import outbox
from storage.database import rollback_check
from storage.database.connect import DatabaseUnfit, open_engine, wipe
from tests.support.command_line import clean_desk, skm
from tests.support.offices import NOON, SECRET, count, office, unit_row

UNIT = unit_row("SMST-BTM")


def minutes(engine, file: Path, number: int) -> None:
    for _ in range(number):
        _mark(engine, Outage(), file, of_file(file))


def test_an_older_database_is_refused_until_it_is_taken_as_it_is(
    database_url, tmp_path, monkeypatch
):
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setenv("SKM_DATABASE_URL", database_url)
    monkeypatch.setenv("SKM_SECRET_KEY", SECRET)
    with office(database_url, UNIT) as engine:
        file = rollback_check.file_of(engine, "")
        assert file is not None
        minutes(engine, file, 3)
        require_newest(engine, file)
        assert skm("verify").exit_code == 0
        with engine.begin() as connection:  # what a backup of the first minute holds
            connection.exec_driver_sql("UPDATE edition SET number = 1 WHERE name = 'minutes'")
            outbox.put(connection, "a", "screen", "tg:1", {"text": "terkirim kemarin"}, NOON)
        for use in (
            lambda: require_newest(engine, file),
            lambda: minutes(engine, file, 1),  # as it runs
        ):
            with pytest.raises(DatabaseUnfit, match=r"2 minutes of work.*skm db restored"):
                use()
        said = skm("verify")
        assert said.exit_code == 1
        assert "2 minutes of work are missing in this database" in said.output
        assert count(engine, "edition", "name = 'minutes' AND number = 1") == 1

        accepted = skm("db", "restored")
        assert accepted.exit_code == 0, accepted.output
        assert "Not sent: 1 message that waited in it." in accepted.output
        require_newest(engine, file)
        minutes(engine, file, 1)
        assert skm("verify").exit_code == 0
        with engine.begin() as connection:
            assert outbox.claim(connection, NOON, 9) == []


def test_yesterdays_copy_of_a_file_is_yesterdays(sqlite_url, tmp_path):
    file = Path(sqlite_url.removeprefix("sqlite:///").partition("?")[0])
    with office(sqlite_url, UNIT) as engine:
        minutes(engine, rollback_check.file_of(engine, ""), 2)
        wipe(engine)
        yesterday = shutil.copy(file, tmp_path / "yesterday.db")
        minutes(engine, rollback_check.file_of(engine, ""), 2)
    for left in (Path(f"{file}-wal"), Path(f"{file}-shm")):
        left.unlink(missing_ok=True)
    shutil.move(yesterday, file)
    engine = open_engine(sqlite_url)
    with pytest.raises(DatabaseUnfit, match="2 minutes of work are missing"):
        require_newest(engine, rollback_check.file_of(engine, ""))
    engine.dispose()


def test_where_it_is_kept(tmp_path, monkeypatch):
    sqlite = open_engine("sqlite:////srv/skm/skm.db")
    assert rollback_check.file_of(sqlite, "") == Path("/srv/skm/skm.db-minutes")
    by_uri = open_engine("sqlite:///file:skm.db?uri=true")
    assert rollback_check.file_of(by_uri, "") is None
    here, there = (
        rollback_check.file_of(open_engine(f"postgresql://x:sandi@{host}/skm"), str(tmp_path))
        for host in ("a", "b")
    )
    assert here is not None
    assert here.parent == tmp_path
    assert here != there
    assert "sandi" not in str(here)


def test_a_file_that_cannot_be_written_or_read_accuses_nobody(sqlite_url, tmp_path, caplog):
    with office(sqlite_url, UNIT) as engine:
        minutes(engine, tmp_path / "nowhere" / "x", 2)
        (tmp_path / "x").write_text("?")
        require_newest(engine, tmp_path / "x")
        minutes(engine, tmp_path / "x", 1)
        assert (tmp_path / "x").read_text() == "3\n"
        assert (tmp_path / "x").stat().st_mode & 0o777 == 0o600
    assert "set SKM_STATE_DIR" in caplog.text
