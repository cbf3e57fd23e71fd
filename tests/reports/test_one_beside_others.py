"""A few citizens beside answers that hide nobody (paper, an officer's, the web's, a tablet's): all
that is ever told is the same, word for word, whatever the few said. The head knows those others:
a figure that moved with the few would be theirs."""

import json
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from bot.commands.figures.sheet_table import lines
from flows.loader import words
from flows.survey.source import NOBODYS
from reports.digest.caption import More, digest_text
from reports.digest.details import details_text
from reports.digest.unit_month import monthly
from reports.digest.unit_week import weekly
from reports.ipp.evidence_rules import evidence_rules
from reports.jobs.alerts import alerts
from reports.jobs.due import JOBS
from reports.official_report.agency import of_agency
from reports.official_report.gathered import of_period, of_sheet, of_weeks
from reports.sheets.exporting import export
from reports.stored.coverage import covered
from reports.stored.figures import EVER
from reports.stored.fold import fold
from storage import units
from storage.index import sheets
from storage.office import digest_settings, roles
from storage.office.digest_settings import Wish
from storage.periods import parse
from storage.scope import EVERYTHING
from tests.support.fake_channel import Office
from tests.support.instruments import SKM_NOW
from tests.support.offices import Chance, draft, office, respond, scoped, unit_of, unit_row
from tests.support.public_site import files, logged, written
from tests.support.publishing import DAY, LATER, closed

CODE, Q4, W47 = "SMST", parse("2026-Q4"), parse("2026-W47")
MONDAY = int(datetime(2026, 11, 23, 2, tzinfo=UTC).timestamp())  # 09:00 there
NOON = MONDAY - 4 * DAY + 3 * 3_600  # Thursday
RIPE = LATER + 20 * DAY  # nobody can erase anything any more
HIDING_NOBODY = ("imported", "assisted", *NOBODYS)
SAID = {"worst": [1] * 9, "best": [4] * 9, "mixed": [1, 4, 2, 4, 1, 3, 4, 2, 1]}

Told = dict[str, str]


def told(url: str, out: Path, source: str, few: int, values: list[int]) -> Told:
    """What each way out says. Thirty-four others are there, enough for the sample (35 of 39 users,
    Krejcie and Morgan), units beside it, a head who wants all."""
    users = {CODE: 39, "SMST-2": 45, "SMST-3": 45}
    rows = [unit_row(code, population=users[code], kind="samsat") for code in users]
    with office(url, *rows) as engine:
        with engine.begin() as connection:
            answer(connection, CODE, 34, source)
            for n in range(few):
                respond(connection, CODE, Chance(f"few {n}"), draft(NOON + 60 * n, values))
            for code in ("SMST-2", "SMST-3"):
                answer(connection, code, 40, "chat")
            token = roles.invite(connection, "head", scoped(CODE), 0, Chance("head"))
            roles.join(connection, token, "tg:1", 0)
            unit = unit_of(connection, CODE)
            digest_settings.wish(connection, "tg:1", unit.id, Wish("week", 4, 15))
        fold(engine)
        return {**of_the_running(engine), **of_the_published(engine), **public(engine, out)}


def answer(connection: Connection, code: str, number: int, source: str) -> None:
    """Slow, so that there is something to tell of at once."""
    chance = Chance(f"{code} {source}")
    for n in range(number):
        nine = [3, 3, 1, 3 + n % 2, 3, 2 + n % 3, 3, 3, 3]
        respond(connection, code, chance, draft(NOON + 600 * n, nine, source=source))


def of_the_running(engine: Engine) -> Told:
    with engine.begin() as connection:
        unit = unit_of(connection, CODE)
        week = weekly(connection, unit, W47, MONDAY)
        said = words("id")
        found = {
            "provisional report": repr(of_period(connection, unit, Q4, MONDAY)),
            "weeks": repr(of_weeks(connection, unit, Q4, MONDAY)),
            "digest": json.dumps(week.to_json()),
            "digest's text": digest_text(week, said),
            "details": details_text(week, said, More()),
            "month": json.dumps(monthly(connection, unit, parse("2026-11"), LATER).to_json()),
        }
    alerts(engine, MONDAY)
    alerts(engine, MONDAY + DAY)
    JOBS["digests"](engine, MONDAY)
    return {**found, "outbox": repr([row.body for row in Office(engine).rows()])}


def of_the_published(engine: Engine) -> Told:
    with engine.begin() as connection:
        unit = unit_of(connection, CODE)
        contents = [closed(connection, code) for code in (CODE, "SMST-2", "SMST-3")]
        (kept,) = sheets.of_unit(connection, unit.id)
        every = units.in_scope(connection, EVERYTHING)
        mine = {k: v for k, v in contents[0].items() if k not in ("leaves", "log")}
        rows = export(connection, unit, SKM_NOW, EVER, RIPE_DAY, Chance(1))
        return {
            "sheet": json.dumps(mine),
            "skm sheet": "\n".join(lines(contents[0], kept.hash, 0)),
            "report": repr(of_sheet(connection, unit, Q4, LATER)),
            "agency": repr(of_agency(connection, unit.agency, Q4, LATER)),
            "coverage": repr(covered(connection, every, Q4, evidence_rules())),
            "next digest": json.dumps(weekly(connection, unit, parse("2027-W01"), RIPE).to_json()),
            "export": repr([(each.n, each.rows, each.left_out) for each in rows]),
        }


RIPE_DAY = datetime.fromtimestamp(RIPE, UTC).date()


def public(engine: Engine, out: Path) -> Told:
    """The site's pages and tables; of the log only hashes under salts differ."""
    logged(engine, RIPE)
    written(engine, out, RIPE + DAY)
    pages = {name: text for name, text in files(out).items() if not name.startswith("log/")}
    return {f"site: {name}": page.decode("latin-1") for name, page in pages.items()}


def plain(text: str) -> str:
    """Without what proves, which is chance: hashes and ids."""
    return re.sub(r"b'(\\.|[^'\\])*'|[0-9a-f]{12,}|sha-256;[\w-]+", "", text)


@pytest.mark.parametrize("few", [1, 4])
@pytest.mark.parametrize("source", HIDING_NOBODY)
def test_nothing_that_is_told_tells_what_the_few_said(sqlite_template, tmp_path, source, few):
    each = [world(sqlite_template, tmp_path, source, few, said) for said in SAID]
    for other in each[1:]:
        assert other.keys() == each[0].keys()
        assert [name for name in other if plain(other[name]) != plain(each[0][name])] == []


def test_what_five_said_is_told_everywhere(sqlite_template, tmp_path):
    """Or the test above would not see anything."""
    worst, best = (world(sqlite_template, tmp_path, "web", 5, said) for said in ("worst", "best"))
    same = [name for name in worst if plain(worst[name]) == plain(best[name])]
    # Nobody came in the week of the next digest.
    assert {name for name in same if not name.startswith("site: ")} == {"next digest"}
    assert {"site: unit/SMST/data.json", "site: unit/SMST/2026-Q4/rows.csv"}.isdisjoint(same)
    assert "site: unit/SMST/2026-Q4/rows.csv" in worst


def test_nor_on_postgres(postgres_server, postgres_template, tmp_path):
    worst, best = (
        told(
            postgres_server.fresh_database(postgres_template), tmp_path / said, "web", 4, SAID[said]
        )
        for said in ("worst", "best")
    )
    assert [name for name in worst if plain(worst[name]) != plain(best[name])] == []
    assert worst.keys() == best.keys()


def world(template: Path, folder: Path, source: str, few: int, said: str) -> Told:
    here = folder / said
    here.mkdir()
    url = f"sqlite:///{shutil.copy(template, here / 'skm.db')}"
    return told(url, here / "site", source, few, SAID[said])
