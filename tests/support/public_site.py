"""A small nation that has published, and its public site as files."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from sqlalchemy import Engine

from reports.jobs.due import JOBS
from reports.site import folder
from reports.site.writing import Done, Plan, write
from reports.transparency.leaving import Outlets, checkpoints
from reports.transparency.signing import LogKey
from storage import standards
from storage.office import follow_ups, innovations, public_files
from storage.office.follow_ups import Plan as Intended
from storage.office.innovations import Novelty
from storage.standards import Promise
from tests.support.offices import NOON, Chance, draft, office, respond, unit_row
from tests.support.publishing import DAY, LATER, answered, closed

KEY = LogKey.make("contoh.go.id/skm", Chance("log"))
BASE = "https://skm.contoh.go.id"
LAST_QUARTER = NOON - 92 * DAY
HTML = "{http://www.w3.org/1999/xhtml}"
PHOTO, OTHER = b"\xff\xd8\xff chairs", b"\xff\xd8\xff night"  # nobody looks into them here
HOSTILE = '<script>alert(1)</script> & "Kantor" \x07\u202e 😀 ᮞᮥᮔ᮪ᮓ ' + "panjang " * 20


def mixed(connection: Any, code: str, number: int, at: int = NOON, **more: Any) -> None:
    """Answers that differ: their index has an interval."""
    chance = Chance(f"{code} {at} {number}")
    for n in range(number):
        values = [2 + n * (item + 2) % 3 for item in range(9)]
        respond(connection, code, chance, draft(at + 600 * n, values, **more))


@contextmanager
def nation(url: str) -> Iterator[Engine]:
    """SMST has two periods, FEW too few answers, PLAIN no number of users, NONE nothing; NAMES is
    called what nobody should be."""
    rows = (
        unit_row("SMST", kind="samsat", population=30, name="Samsat Batam"),
        unit_row("SMST-2", kind="samsat", population=30, name="Samsat Bintan", region="Riau"),
        unit_row("FEW", kind="samsat", population=1000),
        unit_row("PLAIN", population=None, kind="rsud"),
        unit_row("NONE", agency="Pemkot Lain"),
        unit_row("NAMES", population=30, name=HOSTILE, agency="=<b>A&B</b>", region="Ré😀gion"),
    )
    with office(url, *rows) as engine:
        with engine.begin() as connection:
            mixed(connection, "SMST", 28, LAST_QUARTER)
            for code, number in (("SMST", 29), ("SMST-2", 30), ("PLAIN", 31), ("NAMES", 28)):
                mixed(connection, code, number)
            answered(connection, "FEW", 7)
            closed(connection, "SMST", "2026-Q3")
            for code in ("SMST", "SMST-2", "FEW", "PLAIN", "NAMES"):
                closed(connection, code)
            improve(connection)
        yield engine


def improve(connection: Any) -> None:
    """What SMST, the first unit, did."""
    plan = Intended("facilities", "Menambah kursi tunggu", date(2026, 12, 20), "Kepala Samsat")
    id = follow_ups.keep(connection, 1, plan, date(2026, 11, 1), NOON, "by")
    told = "Kursi tunggu sudah ditambah <b>"
    follow_ups.finish(connection, 1, id, date(2026, 12, 1), "foto", told)
    new = Novelty("procedure", "Samsat Malam", "Buka sampai 20.00", date(2026, 10, 5), "")
    public_files.keep(connection, 1, "follow_up", str(id), PHOTO, NOON, (8, 6))
    new_id = innovations.keep(connection, 1, new, NOON, "by")
    public_files.keep(connection, 1, "innovation", str(new_id), OTHER, NOON, (6, 8))
    promised = Promise("", "completion_time", "Selesai 30 menit", date(2026, 1, 1))
    standards.keep(connection, 1, [promised])


def logged(engine: Engine, at: int = LATER + DAY) -> None:
    """The transparency log brought up to date, and signed."""
    JOBS["log"](engine, at)
    checkpoints(engine, at, Outlets(KEY))


def written(engine: Engine, out: Path, at: int = LATER + 2 * DAY, **more: Any) -> Done:
    """Written as `skm site` does."""
    url = engine.url.render_as_string(hide_password=False)
    plan = Plan(url, **{"base": BASE, "key": str(KEY.public), **more})
    with folder.opened(out) as opened:
        return write(engine, opened, plan, at)


def files(out: Path) -> dict[str, bytes]:
    """All but what the folder keeps for itself."""
    found = {str(each.relative_to(out)): each for each in out.rglob("*") if each.is_file()}
    return {name: each.read_bytes() for name, each in found.items() if not name.startswith(".skm")}


def tags(page: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return page.findall(f".//{HTML}{name}")


def text(site: dict[str, bytes], name: str) -> str:
    return " ".join("".join(ElementTree.fromstring(site[name]).itertext()).split())
