"""`skm innovations`: an agency's register, with its elements as they were shown."""

import json
from datetime import date
from pathlib import Path

import pytest

from reports.digest.unit_week import release
from storage.database.connect import open_engine
from storage.office import innovations
from storage.office.innovations import Novelty
from tests.support.command_line import clean_desk, in_indonesian, refusal, skm, with_units
from tests.support.digest_weeks import digest, uneven
from tests.support.offices import unit_of

NOW = 1_795_000_000  # 18 November 2026


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> str:
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setattr("time.time", lambda: NOW)
    return with_units(monkeypatch, sqlite_url)


def test_an_agencys_register(url: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        unit = unit_of(connection, "SAMSAT-BC")
        new = Novelty("cost", "[bold]Papan tarif", "Dipasang.", date(2026, 10, 15), "")
        innovations.keep(connection, unit.id, new, NOW, "abc")
        for week, twos in (("2026-W41", 20), ("2026-W44", 2)):
            tally = uneven(40, cost=twos)
            release(connection, unit, digest(tally, week=week), tally, 0)
    engine.dispose()
    said = in_indonesian("innovations", "--agency", "bapenda kepri").stdout
    assert "2,50" in said
    assert "belum tentu karena inovasinya" in said
    (found,) = json_of("innovations")
    assert (found["unit"], found["name"]) == ("SAMSAT-BC", "[bold]Papan tarif")
    # SciPy: t.interval(0.95, 39, mean, sem) of 20 twos and 20 threes.
    assert found["before"] == {"mean": 2.5, "ci95": [2.3381, 2.6619], "n": 40}
    assert found["after"]["mean"] == 2.95
    assert found["real"] is True
    assert json_of("innovations", "--agency", "Dinkes Sorong") == []


def test_what_is_not_there(url: str) -> None:
    assert "no innovation in the register" in refusal("innovations")
    assert "Dinkes Sorong" in refusal("innovations", "--agency", "Dinkes Sorong1")


def json_of(*args: str) -> list[dict[str, object]]:
    read: list[dict[str, object]] = json.loads(skm(*args, "--json").stdout)
    return read
