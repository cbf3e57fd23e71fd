"""Written again, the site's folder changes only where something is different, and is never anybody
else's."""

import fcntl
import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from reports.site import folder, open_data
from reports.site.folder import MANIFEST, FolderRefused, put
from storage import units
from storage.office import public_files
from tests.support.offices import unit_row
from tests.support.public_site import PHOTO, files, mixed, nation, written
from tests.support.publishing import DAY, LATER, closed, corrected, erase_some

SOON = LATER + 3_600  # the same day: no other ranking
LATE = LATER + 30 * DAY


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    with nation(sqlite_url) as engine:
        yield engine


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    names = before.keys() | after.keys()
    return {name for name in names if before.get(name) != after.get(name)}


def test_again_nothing_is_different(engine, tmp_path):
    assert written(engine, tmp_path / "site").files > 100
    done = written(engine, tmp_path / "site")
    assert (done.files, done.groups) == (0, 0)


def test_a_sheet_changes_its_unit_and_the_lists_it_is_in(engine, tmp_path):
    out = tmp_path / "site"
    written(engine, out, SOON)
    before = files(out)
    with engine.begin() as connection:
        mixed(connection, "NONE", 30)
        closed(connection, "NONE")
    written(engine, out, SOON + 60)
    touched = {name.removeprefix("en/") for name in changed(before, files(out))}
    groups = {"/".join(name.split("/")[:2]) for name in touched if name.count("/") > 1}
    assert {each for each in groups if each.startswith("unit/")} == {"unit/NONE"}
    assert {each.split("-")[0] for each in groups if each.startswith("instansi/")} == {
        "instansi/pemkot"
    }
    assert "log/sheets/NONE-0001.json" in touched
    assert {"index.html", "feed.atom", "data/units.csv", "data/2026-Q4/sheets.csv"} <= touched
    assert not {each for each in groups if each.startswith("peringkat/")}
    assert "data/2026-Q3/sheets.csv" not in touched
    # Whole and anew it would be the same.
    written(engine, tmp_path / "anew", SOON + 60)
    assert changed(files(out), files(tmp_path / "anew")) == set()


def test_of_a_periods_tables_only_what_is_new_is_read(engine, tmp_path, monkeypatch):
    out, asked = tmp_path / "site", list[int]()
    written(engine, out, SOON)
    results_of = open_data.results_of

    def watched(connection, ids):
        asked.extend(ids)
        return results_of(connection, ids)

    monkeypatch.setattr(open_data, "results_of", watched)
    monkeypatch.setattr(open_data, "FEED", 1)  # which reads the newest one
    erase_some(engine, 5, "unit_id = 2")
    assert corrected(engine) == 1
    written(engine, out, SOON + 60)
    assert len(asked) == 2  # for the feed, and for the tables
    # A table of another release, or one that is not there, is made anew.
    elements = out / "data/2026-Q4/elements.csv"
    elements.write_bytes(b"former" + elements.read_bytes())
    erase_some(engine, 5, "unit_id = 2")
    assert corrected(engine) == 1
    written(engine, out, SOON + 120)
    assert len(asked) > 4
    written(engine, tmp_path / "anew", SOON + 120)
    assert changed(files(out), files(tmp_path / "anew")) == set()


def test_a_day_later_it_is_ranked_and_written_anew_would_be_the_same(engine, tmp_path):
    written(engine, tmp_path / "site", SOON)
    written(engine, tmp_path / "site", LATE)
    written(engine, tmp_path / "anew", LATE)
    assert changed(files(tmp_path / "site"), files(tmp_path / "anew")) == set()


def test_what_is_no_more_goes(engine, tmp_path):
    out = tmp_path / "site"
    with engine.begin() as connection:
        units.save(connection, [unit_row("SALAH", agency="Salah")])
    written(engine, out)
    assert (out / "unit/SALAH").is_dir()
    (out / "unit/SMST/stray.html").write_text("x")
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM unit WHERE code = 'SALAH'")
        connection.exec_driver_sql("UPDATE unit SET name = 'Baru' WHERE code = 'SMST'")
    written(engine, out)
    left = files(out)
    assert [name for name in left if "SALAH" in name or "stray" in name] == []
    assert not (out / "en/unit/SALAH").exists()
    written(engine, tmp_path / "anew")
    assert changed(left, files(tmp_path / "anew")) == set()


def test_a_photo_that_is_taken_off_goes_and_changes_its_unit_alone(engine, tmp_path):
    out = tmp_path / "site"
    written(engine, out)
    before = files(out)
    with engine.begin() as connection:
        assert public_files.withdraw(connection, 1, "follow_up", "1")
    done = written(engine, out)
    touched = changed(before, files(out))
    photo = f"unit/SMST/{hashlib.sha256(PHOTO).hexdigest()[:32]}.jpg"
    pages = {"unit/SMST/index.html", "en/unit/SMST/index.html", "unit/SMST/data.json"}
    assert (touched, done.groups) == ({photo, *pages}, 1)
    assert photo not in files(out)
    written(engine, tmp_path / "anew")
    assert changed(files(out), files(tmp_path / "anew")) == set()


def test_ranges_of_names_go_when_there_are_fewer_names(engine, tmp_path, monkeypatch):
    out = tmp_path / "site"
    with monkeypatch.context() as patched:
        patched.setattr("reports.site.home.PAGE", 1)
        patched.setattr("reports.site.places.PAGE", 1)
        written(engine, out)
    ranges = {name for name in files(out) if name.startswith(("nama/", "en/nama/"))}
    assert len(ranges) == 2 * 6
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE unit SET name = 'Baru' WHERE code = 'SMST'")
    written(engine, out)
    written(engine, tmp_path / "anew")
    assert changed(files(out), files(tmp_path / "anew")) == set()


def test_a_run_that_was_cut_off_is_made_good(engine, tmp_path, monkeypatch):
    out, calls = tmp_path / "site", iter(range(40))

    def failing(file: Path, content: bytes) -> bool:
        if next(calls, None) is None:
            raise OSError(28, "No space left on device")
        return put(file, content)

    with monkeypatch.context() as patched:
        patched.setattr(folder, "put", failing)
        with pytest.raises(OSError, match="No space"):
            written(engine, out)
    written(engine, out)
    written(engine, tmp_path / "anew")
    assert changed(files(out), files(tmp_path / "anew")) == set()


def test_a_folder_of_somebody_else_is_not_touched(engine, tmp_path):
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs/index.html").write_text("theirs")
    with pytest.raises(FolderRefused) as refused:
        written(engine, tmp_path / "theirs")
    assert refused.value.why == "other"
    assert files(tmp_path / "theirs") == {"index.html": b"theirs"}


def test_two_do_not_write_one_folder(engine, tmp_path):
    written(engine, tmp_path / "site")
    with (tmp_path / f"site/{MANIFEST}.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(FolderRefused) as refused:
            written(engine, tmp_path / "site")
    assert refused.value.why == "busy"


def test_several_processes_write_the_same(engine, tmp_path, monkeypatch):
    monkeypatch.setattr("reports.site.writing.MANY", 1)
    monkeypatch.setattr("reports.site.writing.AT_ONCE", 2)
    written(engine, tmp_path / "many", processes=2)
    written(engine, tmp_path / "one")
    assert changed(files(tmp_path / "many"), files(tmp_path / "one")) == set()


def test_no_part_of_a_file_is_ever_seen(tmp_path):
    file = tmp_path / "a/b.html"
    assert put(file, b"one")
    assert not put(file, b"one")
    with file.open("rb") as reader:
        assert put(file, b"two")
        assert reader.read() == b"one"
    assert [each.name for each in file.parent.iterdir()] == ["b.html"]


def test_another_history_under_the_same_numbers_is_seen(engine, tmp_path):
    """A restored database may give a sheet's id and number to another sheet."""
    written(engine, tmp_path / "site")
    with engine.begin() as connection:
        found = connection.exec_driver_sql("SELECT content FROM sheet WHERE id = 1").scalar_one()
        other = found.replace('"n":28', '"n":27', 1)
        values = {"content": other, "hash": hashlib.sha256(other.encode()).digest()}
        connection.execute(
            text("UPDATE sheet SET content = :content, hash = :hash WHERE id = 1"), values
        )
    written(engine, tmp_path / "site")
    written(engine, tmp_path / "anew")
    assert changed(files(tmp_path / "site"), files(tmp_path / "anew")) == set()
