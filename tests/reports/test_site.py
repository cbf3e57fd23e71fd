"""The public site as files: well-formed, all links lead somewhere, the same figures everywhere, and
never one that a sheet does not show."""

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import get_args
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from sqlalchemy import Engine

from flows.survey.source import Source
from reports.site import addresses, home, places, rankings
from reports.site.catalogue import Catalogue, Listed, Place, Ranking
from reports.site.lists import PAGE
from reports.site.rendering import Writer
from reports.transparency.leaving import Outlets, checkpoints
from storage.office import follow_ups, improvements, innovations, public_files
from storage.office.follow_ups import Plan as Intended
from storage.office.innovations import Novelty
from tests.support.accessible import faint, faults
from tests.support.offices import NOON, office, unit_row
from tests.support.public_site import (
    BASE,
    HTML,
    KEY,
    OTHER,
    PHOTO,
    files,
    logged,
    mixed,
    nation,
    tags,
    text,
    written,
)
from tests.support.publishing import DAY, LATER, closed, corrected, erase_some

DATE = date(2026, 12, 1)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with nation(database_url) as engine:
        yield engine


@pytest.fixture
def site(engine: Engine, tmp_path: Path) -> dict[str, bytes]:
    logged(engine)
    written(engine, tmp_path / "site")
    return files(tmp_path / "site")


def pages(site: dict[str, bytes]) -> dict[str, ElementTree.Element]:
    """Well-formed XML, or this raises."""
    html = {name: content for name, content in site.items() if name.endswith(".html")}
    return {name: ElementTree.fromstring(content) for name, content in html.items()}


def test_every_page_can_be_read_by_machines_and_by_everybody(site):
    found = pages(site)
    assert len(found) > 60
    for name, page in found.items():
        assert faults(site[name].decode()) == [], name
        assert page.get("lang") == ("en" if name.startswith("en/") else "id"), name
        assert all(each.get("scope") in ("col", "row") for each in tags(page, "th")), name
        assert all(each.find(f"{HTML}caption") is not None for each in tags(page, "table")), name
        assert all(each.get("alt") for each in tags(page, "img")), name
        assert not [each for each in page.iter() if each.get("style")], name
        assert [each for each in tags(page, "script") if not each.get("src")] == [], name
    with_script = {name for name, page in found.items() if tags(page, "script")}
    assert with_script == {"periksa/index.html", "en/periksa/index.html"}


def test_colours_are_told_apart_in_both_themes(site):
    css = next(content for name, content in site.items() if name.endswith(".css")).decode()
    on_paper = " ".join(f"{ink}/paper" for ink in ("ink", "soft", "link", "a", "b", "c", "d"))
    texts = f"{on_paper} ink/box soft/box link/box"
    assert faint(css, texts, "mark/paper mark/box mark/track") == []


def test_no_link_is_broken(site):
    assert broken(site) == []


@pytest.mark.parametrize("key", ["", str(KEY.public)], ids=["no key", "no checkpoint yet"])
def test_without_a_signed_log_no_page_leads_there(engine, tmp_path, key):
    """16 links to a log that was not there, on the pages that explain how to check it."""
    written(engine, tmp_path / "site", key=key)
    site = files(tmp_path / "site")
    assert "log/checkpoint" not in site
    assert broken(site) == []


def broken(site: dict[str, bytes]) -> list[tuple[str, str]]:
    broken: list[tuple[str, str]] = []
    for name, page in pages(site).items():
        for each in page.iter():
            to = each.get("href") or each.get("src")
            if to is None or to.startswith(("https://", "http://")):
                assert to is None or to.startswith((BASE, "https://t.me/")), to
                continue
            path = urlsplit(urljoin(f"/{name}", to)).path.removeprefix("/")
            path += "index.html" if path == "" or path.endswith("/") else ""
            broken += [(name, to)] if path not in site else []
    return broken


def test_every_page_is_in_both_languages(site):
    html = {name for name in site if name.endswith(".html")}
    assert {f"en/{name}" for name in html if not name.startswith("en/")} == {
        name for name in html if name.startswith("en/")
    }


def test_a_closed_unit_is_not_to_be_rated(engine, tmp_path):
    plan = {"survey": "https://t.me/skm_bot?start=u_"}
    run = "UPDATE unit SET closed_until = '%s' WHERE code = 'SMST'"
    for until, closed_now in (
        (date(2027, 1, 7), True),
        (date(2027, 1, 6), False),
        (date.max, True),
    ):
        with engine.begin() as connection:
            connection.exec_driver_sql(run % until)
        written(engine, tmp_path / "site", LATER + 2 * DAY, **plan)  # the 6th
        site = files(tmp_path / "site")
        assert ("Nilai unit ini" not in text(site, "unit/SMST/index.html")) is closed_now, until
        assert "Nilai unit ini" in text(site, "unit/SMST-2/index.html")


def test_a_message_shows_a_picture_of_the_unit(site):
    for language in ("", "en/"):
        head = ElementTree.fromstring(site[f"{language}unit/SMST/index.html"])
        named = {each.get("property"): each.get("content") for each in tags(head, "meta")}
        assert named["og:image"] == f"{BASE}/unit/SMST/preview.png"
        assert "IKM" in named["og:image:alt"]
    for code in ("SMST", "FEW", "NONE", "NAMES"):
        picture = site[f"unit/{code}/preview.png"]
        assert (picture[:4], picture[16:24]) == (b"\x89PNG", bytes([0, 0, 2, 88, 0, 0, 1, 59]))


def test_what_nobody_published_is_not_there(site):
    assert "Belum terbit" in text(site, "unit/NONE/index.html")
    assert json.loads(site["unit/NONE/data.json"])["periods"] == []


def test_names_are_never_markup(site):
    for name, content in site.items():
        if name.endswith((".html", ".atom", ".svg")):
            assert b"<script>alert" not in content, name
            assert b"<b>A" not in content, name
            assert "\u202e".encode() not in content, name
            ElementTree.fromstring(content)
    assert "😀 ᮞᮥᮔ᮪ᮓ" in text(site, "unit/NAMES/index.html")
    units = site["data/units.csv"].decode()
    assert "'=<b>A&B</b>" in units


def test_what_was_improved_and_promised_stands_on_the_units_page(site):
    page = text(site, "unit/SMST/index.html")
    assert "Anda sampaikan, kami perbaiki" in page
    assert "Menambah kursi tunggu" in page
    assert "Kursi tunggu sudah ditambah <b>" in page
    assert "Kepala Samsat" not in page  # who did it stays inside
    assert "Selesai 30 menit sejak 1 Jan 2026" in page
    assert "Samsat Malam" in page


def test_a_photo_that_everybody_may_see_stands_below_what_was_done(site):
    named = {hashlib.sha256(each).hexdigest()[:32]: each for each in (PHOTO, OTHER)}
    kept = {name: each for name, each in site.items() if name.endswith(".jpg")}
    assert kept == {f"unit/SMST/{name}.jpg": each for name, each in named.items()}
    for language, said in (("", "Foto"), ("en/", "Photo")):
        page = ElementTree.fromstring(site[f"{language}unit/SMST/index.html"])
        shown = {
            each.get("src", "").rpartition("/")[2].removesuffix(".jpg"): each
            for each in tags(page, "img")
            if each.get("class") == "photo"
        }
        assert list(shown) == list(named)
        chairs, night = shown.values()
        assert (chairs.get("alt"), chairs.get("width"), chairs.get("height")) == (
            f"{said}: Menambah kursi tunggu", "8", "6",
        )  # fmt: skip
        assert night.get("alt") == f"{said}: Samsat Malam"
    (plan,) = json.loads(site["unit/SMST/data.json"])["follow_ups"]
    assert site[plan["photo"]] == PHOTO


def test_a_page_with_all_that_may_stand_on_it_has_few_photos_and_is_small(engine, tmp_path):
    """Of twenty follow-ups and twenty innovations with a photo each the newest six are shown."""
    long = "panjang " * 37
    with engine.begin() as connection:
        for n in range(2 * improvements.MOST):
            plan = Intended("cost", f"{n} {long}", DATE, "Kepala Samsat")
            id = follow_ups.keep(connection, 2, plan, DATE, NOON, "by")
            follow_ups.finish(connection, 2, id, DATE, "foto", long[:500])
            public_files.keep(connection, 2, "follow_up", str(id), b"%d" % n, NOON + n, (8, 6))
            novelty = Novelty("cost", f"{n} Malam", long, DATE, "")
            innovations.keep(connection, 2, novelty, NOON, "by")
    written(engine, tmp_path / "site")
    site = files(tmp_path / "site")
    photos = {name for name in site if name.startswith("unit/SMST-2/") and name.endswith(".jpg")}
    assert len(photos) == improvements.PHOTOS == 6
    page = site["unit/SMST-2/index.html"]
    assert page.count(b'class="photo"') == 6
    assert len(page) < 60_000


def test_a_unit_that_was_renamed_keeps_its_old_pages_and_says_so(engine, tmp_path):
    run = "UPDATE unit SET name = 'Samsat Baru', agency = 'Pemkot Lain' WHERE code = 'SMST'"
    with engine.begin() as connection:
        connection.exec_driver_sql(run)
    written(engine, tmp_path / "site")
    site = files(tmp_path / "site")
    page = text(site, "unit/SMST/index.html")
    assert "Samsat Baru" in page
    assert "Sampai Triwulan IV 2026 bernama Samsat Batam, Pemprov Contoh" in page
    assert "Samsat Batam" in text(site, "unit/SMST/2026-Q4/index.html")
    assert "Samsat Baru" in text(site, addresses.agency("Pemkot Lain") + "index.html")
    assert "Samsat Bat" not in text(site, addresses.agency("Pemprov Contoh") + "index.html")


def test_a_corrected_period_shows_its_newest_sheet(engine, tmp_path):
    erase_some(engine, 5, "unit_id = 2")
    assert corrected(engine) == 1
    logged(engine)
    written(engine, tmp_path / "site")
    site = files(tmp_path / "site")
    page = text(site, "unit/SMST-2/2026-Q4/index.html")
    assert "lembar 2" in page
    assert "Memperbaiki lembar 1 setelah 5 jawaban dihapus pemiliknya" in page
    assert {"log/sheets/SMST-2-0001.json", "log/sheets/SMST-2-0002.json"} <= site.keys()


def test_what_the_signed_log_does_not_hold_yet_is_not_shown_yet(engine, tmp_path):
    logged(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE unit SET period = 'quarter'")
    erase_some(engine, 5, "unit_id = 2")
    corrected(engine)
    written(engine, tmp_path / "site")
    assert "log/sheets/SMST-2-0002.json" not in files(tmp_path / "site")
    logged(engine, LATER + 3 * DAY)
    written(engine, tmp_path / "site")
    assert "log/sheets/SMST-2-0002.json" in files(tmp_path / "site")


def test_the_ranking_says_each_units_place_among_its_kind(site):
    ranks = json.loads(site["data/ranking.json"])
    assert ranks["period"] == "2026-Q4"
    mine = {each["code"]: each for each in ranks["ranking"]}
    assert mine.keys() == {"SMST", "SMST-2", "PLAIN", "NAMES"}
    assert {mine[code]["of"] for code in ("SMST", "SMST-2")} == {2}
    page = text(site, addresses.ranking("samsat") + "index.html")
    assert re.search(r"Peringkat Samsat, Triwulan IV 2026", page)


def test_what_is_published_today_is_ranked_tomorrow(engine, tmp_path):
    written(engine, tmp_path / "site", LATER + 60)
    assert json.loads((tmp_path / "site/data/ranking.json").read_text())["ranking"] == []


def test_no_page_is_above_60_kb():
    name = "😀" * 200
    units = [
        Listed(n, f"U{n:05}", f"{n}{name}", f"{n % 600}{name}", f"{n % 300}{name}", "", "2026-Q4")
        for n in range(90 * PAGE)
    ]
    ranks = {u.code: Place(u.code, "", 1, 2, 1, 2, "", 5, 9, "80.00", "B") for u in units}
    ranking, day = Ranking("", "2026-Q4", ranks), date(2027, 1, 1)
    of = Catalogue(day, {}, units, {}, [], frozenset(), ranking)
    made = {
        name: make
        for each in (*places.lists(of), *rankings.lists(of))
        for one in each.lists
        for name, make in one.pages(BASE).items()
    }
    made |= home.pages(Writer("id", BASE), of) | home.ranges(Writer("id", BASE), of)
    assert len(made) > 500
    assert max(len(make() or b"") for make in made.values()) < 60_000


def test_sorting_needs_no_script(site):
    path = addresses.region("Contoh")
    by = {order: text(site, f"{path}{order}index.html") for order in ("", "nama/", "responden/")}
    assert by["nama/"].index("Kantor FEW") < by["nama/"].index("Samsat Batam")
    assert by["responden/"].index("Kantor PLAIN") < by["responden/"].index("Samsat Batam")
    assert by[""].index("Samsat Batam") < by[""].index("Kantor FEW")  # without a figure: last


def test_a_page_has_words_for_every_source_of_answers(sqlite_url, tmp_path):
    sources = get_args(Source)
    with office(sqlite_url, unit_row("SMST", population=30)) as engine:
        with engine.begin() as connection:
            for days, source in enumerate(sources):
                mixed(connection, "SMST", 6, NOON - days * DAY, source=source)
            closed(connection, "SMST")
        written(engine, tmp_path / "site")
    for language in ("id", "en"):
        page = files(tmp_path / "site")[f"{'en/' * (language == 'en')}unit/SMST/2026-Q4/index.html"]
        rows = [tags(row, "th") for row in tags(ElementTree.fromstring(page), "tr")]
        said = {(row[0].text or "").strip() for row in rows}
        assert {Writer(language).say(f"source.{each}") for each in sources} <= said


def test_a_sheet_is_public_as_soon_as_its_checkpoint_is_signed(engine, tmp_path):
    """Within a minute (`bot.schedule`), not only after the night's checkpoint."""
    logged(engine)
    with engine.begin() as connection:
        mixed(connection, "NONE", 30)
        closed(connection, "NONE")
    written(engine, tmp_path / "site")
    assert "log/sheets/NONE-0001.json" not in files(tmp_path / "site")
    assert checkpoints(engine, LATER + DAY + 60, Outlets(KEY)) == 2
    written(engine, tmp_path / "site")
    assert "log/sheets/NONE-0001.json" in files(tmp_path / "site")
    assert "NONE" in files(tmp_path / "site")["feed.atom"].decode()
