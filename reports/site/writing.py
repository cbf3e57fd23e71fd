"""Writing a site into its folder: what a group is made of is compared first, so that one new sheet
costs what it changes. Many units are made by several processes, each with a connection of its own.

Order matters to whoever reads meanwhile: first what others link to (the log and its sheets), then
units, then lists.
"""

import gc
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any

from sqlalchemy import Connection, Engine

from reports.site import log_files
from reports.site.catalogue import Catalogue, Ranking, read
from reports.site.folder import Folder
from reports.site.log_files import Written
from reports.site.open_data import FEED
from reports.site.rendering import edition
from reports.site.shown import Brief
from reports.site.site import Site
from reports.site.unit_pages import pages
from storage.database.connect import open_engine
from storage.office import improvements

AT_ONCE = 50  # units made of one reading
MANY = 400  # units from which on other processes help

Advance = Callable[[int], None]


@dataclass(frozen=True)
class Plan:
    """`url`: of the database; `base`: where the site is reached; `survey`: what a unit's code
    follows in the link into its survey, "" for none; `key`: the log's public key, "" for none."""

    url: str
    base: str = ""
    survey: str = ""
    rows: bool = True
    key: str = ""
    processes: int = 1

    def link(self, code: str) -> str:
        return self.survey + code if self.survey else ""


@dataclass(frozen=True, slots=True)
class Done:
    """Files that are different now, and groups that were made."""

    files: int
    groups: int


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(reads=True) as connection:
        yield connection


def site_of(engine: Engine, catalogue: Catalogue, plan: Plan) -> Site:
    with reading(engine) as connection:
        logged = log_files.newest(connection, plan.key) is not None
    return Site(catalogue, lambda: reading(engine), plan.base, plan.link, plan.rows, logged)


def write(
    engine: Engine, folder: Folder, plan: Plan, at: int, advance: Advance = lambda steps: None
) -> Done:
    """`at`: Unix seconds. Raises OSError."""
    with _kept_in_memory():
        former, briefs = _known(folder)
        with reading(engine) as connection:
            catalogue = read(connection, at, former, briefs)
            _write_log(folder, connection, plan)
            did = improvements.of_units(connection)
        site = _site(engine, catalogue, plan, folder)
        stamps, groups = site.unit_stamps(did), site.groups()
        wanted = stamps | {name: each.stamp() for name, each in groups.items()}
    old = folder.stamps
    changed = {
        unit.id for unit in catalogue.units.values()
        if old.get(f"unit/{unit.code}") != stamps[f"unit/{unit.code}"]
    }  # fmt: skip
    advance(len(catalogue.units) - len(changed))
    made = [name for name in groups if old.get(name) != wanted[name]]
    if len(changed) < MANY or plan.processes < 2:
        files = sum(_advanced(_written(site, folder, p), p, advance) for p in _parts(changed))
        files += sum(folder.write(name, groups[name].make()) for name in made)
    else:
        files = _by_many(site, folder, plan, changed, made, advance)
    folder.take_away(old.keys() - wanted.keys())
    folder.kept["ranking"] = catalogue.ranking.to_json()
    folder.kept["briefs"], folder.kept["edition"] = catalogue.briefs, edition()
    folder.save(wanted)
    return Done(files, len(changed) + len(made))


@contextmanager
def _kept_in_memory() -> Iterator[None]:
    """What is made meanwhile is kept until the process ends, as the command does that writes: a
    nation's million of objects are not searched for garbage again and again."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if collects:
            gc.enable()


def _site(engine: Engine, catalogue: Catalogue, plan: Plan, folder: Folder) -> Site:
    """That makes use of what the folder has already."""
    site = site_of(engine, catalogue, plan)
    same = folder.kept.get("edition") == edition()
    return replace(site, former=folder.read) if same else site


def _known(folder: Folder) -> tuple[Ranking | None, dict[str, Brief]]:
    """What the last run read and would read the same again."""
    said = folder.kept.get("ranking")
    former = Ranking.from_json(said) if said else None
    if folder.kept.get("edition") != edition():
        return former, {}
    return former, {hash: Brief(*each) for hash, each in folder.kept["briefs"].items()}


def _write_log(folder: Folder, connection: Connection, plan: Plan) -> None:
    """Only what is not there yet: it never changes."""
    out = folder.path / "log"
    if found := log_files.signed(connection, plan.key) if plan.key else []:
        before = Written(**folder.kept.get("log", {}))
        folder.kept["log"] = asdict(log_files.write_log(out, connection, found, plan.key, before))


def _parts(ids: Collection[int]) -> list[list[int]]:
    ordered = sorted(ids)
    return [ordered[at : at + AT_ONCE] for at in range(0, len(ordered), AT_ONCE)]


def _advanced(files: int, part: Sequence[int], advance: Advance) -> int:
    advance(len(part))
    return files


def _by_many(
    site: Site,
    folder: Folder,
    plan: Plan,
    ids: Collection[int],
    groups: Sequence[str],
    advance: Advance,
) -> int:
    """Units, then groups, by several processes."""
    context = get_context("spawn")  # nothing of this process is shared: no connection, no lock
    catalogue = replace(site.catalogue, all_heads=site.catalogue.all_heads[-FEED:], briefs={})
    kept = {"edition": folder.kept.get("edition")}
    given = (plan, catalogue, Folder(folder.path, kept=kept))
    with ProcessPoolExecutor(plan.processes, context, _begin, given) as pool:
        parts = _parts(ids)
        made = zip(parts, pool.map(_part, parts), strict=True)
        files = sum(_advanced(number, part, advance) for part, number in made)
        return files + sum(pool.map(_group, groups))


def _written(site: Site, folder: Folder, ids: Sequence[int]) -> int:
    """Sheets before the pages that link to them."""
    known = site.units(ids)
    sheets = [sheet for each in known for sheet in each.sheets]
    codes = {each.unit.id: each.unit.code for each in known}
    with site.read() as connection:
        number = log_files.write_sheets(folder.path / "log", connection, sheets, codes)
    return number + sum(
        folder.write(f"unit/{each.unit.code}", pages(each, site.base)) for each in known
    )


_process: dict[str, Any] = {}  # of a process that helps: its site and folder


def _begin(plan: Plan, catalogue: Catalogue, folder: Folder) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    site = _site(open_engine(plan.url), catalogue, plan, folder)
    _process.update(site=site, folder=folder)


def _end_with_parent() -> None:
    """Where `skm site` is killed, nobody is left who would tell its helpers."""
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _part(ids: Sequence[int]) -> int:
    return _written(_process["site"], _process["folder"], ids)


def _group(name: str) -> int:
    groups = _process.get("groups")
    if groups is None:  # once, and only where lists are made
        groups = _process["groups"] = _process["site"].groups()
    folder: Folder = _process["folder"]
    return folder.write(name, groups[name].make())
