"""The official report on the public site: what is in it is said first, its figures are the page's,
and it goes when its unit says so or another sheet comes."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from sqlalchemy import Engine

from flows.engine.say import Message
from flows.formats import indonesian
from flows.loader import element_rows
from storage.office import paper_details, public_files, roles
from storage.scope import Scope
from tests.support.fake_channel import Office
from tests.support.offices import Chance, Person, audit_of, run, scoped, unit_of, working
from tests.support.papers import pdf_text
from tests.support.public_site import files, logged, nation, tags, text, written
from tests.support.publishing import DAY, LATER, corrected, erase_some

NIP = "19800101 200501 2 001"
AT = LATER + 2 * DAY
AT_DAY = date(2027, 1, 6)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with nation(database_url) as engine:
        logged(engine)
        with engine.begin() as connection:
            for code in ("SMST", "FEW"):
                token = roles.invite(connection, "head", scoped(code), LATER, Chance(code))
                roles.join(connection, token, "tg:1", LATER)
            said = {"person": "Sari Dewi", "position": "Kepala UPT", "nip": NIP}
            paper_details.keep(connection, Scope("unit", "SMST"), said)
            connection.exec_driver_sql(
                "UPDATE response SET comment = 'Antre dua jam tanpa kursi' WHERE unit_id = 1"
            )
        yield engine


async def asked(engine: Engine, *choices: str, at: int = AT) -> list[str]:
    """/laporan, these buttons, what the post brings besides files, and what was shown."""
    with working(engine) as turns:
        sari = Person(turns, "tg:1", at=at, event=at)
        shown = await sari.open("/laporan SMST")
        for choice in ("2026-Q4", "pdf", *choices):
            shown = await sari.tap(choice)
        office = Office(engine)
        office.clock.at = at + 60
        post = office.post()
        post.context_of = turns.context
        await post.long_round()
    texts = [each.text for _, each, _ in office.channel.got if isinstance(each, Message)]
    return [*texts, *(line.key for line in shown.body)]


def site_of(engine: Engine, folder: Path) -> dict[str, bytes]:
    written(engine, folder, AT)
    return files(folder)


async def test_what_it_shows_is_said_before_it_is_published(engine):
    with working(engine) as turns:
        sari = Person(turns, "tg:1", at=AT)
        await sari.open("/laporan SMST")
        await sari.tap("2026-Q4")
        await sari.tap("pdf")
        shown = await sari.tap("public")
    assert [line.key for line in shown.body] == [
        "report.public.what", "report.public.names", "report.public"
    ]  # fmt: skip
    assert shown.body[1].params == {"person": "Sari Dewi"}
    assert [each.choice for each in shown.choices] == ["no", "publish"]
    assert await asked(engine, "public", "no", at=AT + 60) == ["report.public.left"]
    with engine.connect() as connection:
        assert [e for e in public_files.of_units(connection)[1] if e.kind == "report"] == []


async def test_its_index_and_elements_are_those_of_page_json_and_tables(engine, tmp_path):
    """The PDF is read by pypdf, which did not write it."""
    told = await asked(engine, "public", "publish")
    assert told[0].startswith("Laporan Triwulan IV 2026 akan tampil di situs publik Samsat Batam.")
    site = site_of(engine, tmp_path / "site")
    data = json.loads(site["unit/SMST/data.json"])
    mine = next(each for each in data["periods"] if each["period"] == "2026-Q4")
    paper = site[mine["report"]["address"]]
    assert (len(paper), mine["report"]["media_type"]) == (
        mine["report"]["bytes"],
        "application/pdf",
    )
    said = pdf_text(paper)
    assert f"IKM unit pelayanan {indonesian(mine['ikm'])} " in said
    page = ElementTree.fromstring(site["unit/SMST/2026-Q4/index.html"])
    shown = ["".join(row.itertext()) for row in tags(page, "tr")]
    table = csv.DictReader(io.StringIO(site["data/2026-Q4/elements.csv"].decode()))
    means = {row["element"]: row["mean"] for row in table if row["unit"] == "SMST"}
    names = {row["id"]: row["key"] for row in element_rows(means, AT_DAY)}
    assert len(means) == len(names) == 9
    of_paper = said.partition("Tabel 5. Nilai per unsur")[2].partition("IKM unit pelayanan")[0]
    printed = re.findall(r" (\d) (\D+) (\d,\d{4}) \d,\d{4} (\d+,\d{2}) [A-D] ", of_paper)
    assert [mean for _, _, mean, _ in printed] == [indonesian(mean) for mean in means.values()]
    assert mine["elements"] == means
    for _, name, mean, _ in printed:
        assert [row for row in shown if name in row and mean in row], name
    (row,) = (r for r in csv.DictReader(io.StringIO(site["data/2026-Q4/sheets.csv"].decode()))
              if r["unit"] == "SMST")  # fmt: skip
    assert row["ikm"] == mine["ikm"]
    index = f"{indonesian(mine['ikm'])} {mine['grade']}"
    assert index in text(site, "unit/SMST/2026-Q4/index.html")


async def test_it_is_linked_with_its_size_and_has_who_signs_and_no_comment(engine, tmp_path):
    await asked(engine, "public", "publish")
    site = site_of(engine, tmp_path / "site")
    (name,) = [name for name in site if name.endswith(".pdf")]
    said = pdf_text(site[name])
    assert "Sari Dewi" in said
    assert NIP in said
    assert "Antre dua jam" not in said
    for language, words in (("", "Laporan resmi (PDF"), ("en/", "Official report (PDF")):
        path = f"{language}unit/SMST/2026-Q4/index.html"
        (link,) = [a for a in tags(ElementTree.fromstring(site[path]), "a") if a.get("download")]
        assert link.get("download") == "laporan-skm-SMST-2026-Q4.pdf"
        assert (link.get("href") or "").endswith(name.rpartition("/")[2])
        assert f"{words}, {round(len(site[name]) / 1000)} kB)" in text(site, path)
    assert ".pdf" not in site["unit/SMST/2026-Q3/index.html"].decode()
    with engine.connect() as connection:
        (entry,) = audit_of(connection, [Scope("unit", "SMST")], 1)
    assert entry.after == {"period": "2026-Q4", "report": "shown"}


async def test_it_is_withdrawn(engine, tmp_path):
    await asked(engine, "public", "publish")
    site_of(engine, tmp_path / "site")
    assert await asked(engine, "public", "withdraw", at=AT + 600) == ["report.public.withdrawn"]
    site = site_of(engine, tmp_path / "site")
    assert [name for name in site if name.endswith(".pdf")] == []
    assert "Laporan resmi" not in text(site, "unit/SMST/2026-Q4/index.html")


async def test_another_sheet_of_the_period_takes_it_off(engine, tmp_path):
    """What it said is not what the page says any more."""
    await asked(engine, "public", "publish")
    run(engine, "UPDATE unit SET population = 20")  # fewer answers are enough
    erase_some(engine, 5, "unit_id = 1 AND local_date >= '2026-10-01'")
    assert corrected(engine) == 1
    logged(engine, LATER + 3 * DAY)
    site = site_of(engine, tmp_path / "site")
    assert [name for name in site if name.endswith(".pdf")] == []
    mine = json.loads(site["unit/SMST/data.json"])["periods"][-1]
    assert (mine["sheet"], mine["enough"], mine["report"]) == (3, True, None)
    told = await asked(engine, "public", "publish", at=AT + 600)  # of the new sheet
    assert told[0].startswith("Laporan Triwulan IV 2026 akan tampil")
    site = site_of(engine, tmp_path / "site")
    (name,) = [name for name in site if name.endswith(".pdf")]
    mine = json.loads(site["unit/SMST/data.json"])["periods"][-1]
    assert f"IKM unit pelayanan {indonesian(mine['ikm'])} " in pdf_text(site[name])


async def test_it_is_offered_of_nothing_that_the_site_does_not_show(engine):
    """Too few answers; a period that is not published; nobody's but who publishes there."""
    with working(engine) as turns:
        sari = Person(turns, "tg:1", at=AT)
        await sari.open("/laporan FEW")
        shown = await sari.tap("pdf")
        assert "public" not in [each.choice for each in shown.choices]
        for said, key in (
            ("FEW 2026-Q4", "report.public.few"),
            ("SMST 2027-Q1", "report.public.none"),
            ("SMST x", "report.public.none"),
            ("PLAIN 2026-Q4", "where.denied"),
        ):
            shown = await sari.open(f"/laporanpublik {said}")
            assert [line.key for line in shown.body] == [key], said
        await sari.open("/laporanpublik SMST 2026-Q4")
        run(engine, "DELETE FROM role")
        shown = await sari.tap("publish")
        assert [line.key for line in shown.body] == ["of_unit.denied"]
    with engine.connect() as connection:
        assert unit_of(connection, "SMST").id == 1
        assert [e for e in public_files.of_units(connection)[1] if e.kind == "report"] == []
