"""Lists of the units of a region and of an agency, of all units by name, and of all regions."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple

from reports.site import addresses
from reports.site.catalogue import Catalogue, Listed
from reports.site.lists import (
    PAGE,
    List,
    Row,
    Summary,
    by_ikm,
    by_n,
    by_name,
    named,
    summary,
    unit_row,
)
from reports.site.rendering import Writer, plain

COLUMNS = ("unit", "ikm", "n", "period")
PLACES = ("mean", "units", "published")
ALL = "semua/"  # the regions
RANGES = "daftar/"


class Made(NamedTuple):
    """The lists of a group, and all that they are made of."""

    group: str
    lists: Sequence[List]
    of: Any


class Whole(NamedTuple):
    """A region or an agency in a list."""

    name: str
    address: str
    found: Summary


def by(listed: Sequence[Listed], what: str) -> dict[str, list[Listed]]:
    found: dict[str, list[Listed]] = defaultdict(list)
    for each in listed:
        found[getattr(each, what)].append(each)
    return found


def lists(catalogue: Catalogue) -> Iterator[Made]:
    regions = by(catalogue.listed, "region")
    for name, units in regions.items():
        path = addresses.region(name)
        yield Made(
            path,
            [_units(path, name, "wilayah", "agency", units), _agencies(path, name, units)],
            units,
        )
    for name, units in by(catalogue.listed, "agency").items():
        path = addresses.agency(name)
        yield Made(path, [_units(path, name, "instansi", "region", units)], units)
    for number, part in enumerate(names(catalogue), 1):
        path = f"{RANGES}{number}/"
        yield Made(path, [_names(path, part)], part)
    wholes = [Whole(name, addresses.region(name), summary(of)) for name, of in regions.items()]
    yield Made(ALL, [_wholes(ALL, "regions", "region", [], wholes)], wholes)


def names(catalogue: Catalogue) -> list[Sequence[Listed]]:
    """The telephone book: pages of units by name, each a group, so that one sheet changes one."""
    ordered = sorted(catalogue.listed, key=by_name)
    return [ordered[at : at + PAGE] for at in range(0, len(ordered), PAGE)]


def ends(part: Sequence[Listed]) -> str:
    return f"{named(part[0].name)} – {named(part[-1].name)}"


def _units(path: str, name: str, what: str, other: str, units: Sequence[Listed]) -> List:
    orders = {"ikm": by_ikm, "name": by_name, "n": by_n}
    head = partial(_head, name=name, what=what, path=path, units=units)
    return List(path, units, orders, partial(_row, other), ("unit", *COLUMNS[1:]), head, "units")


def _row(other: str, writer: Writer, each: Listed) -> Row:
    return unit_row(writer, each, named(getattr(each, other)))


def _head(
    writer: Writer, name: str, what: str, path: str, units: Sequence[Listed]
) -> dict[str, Any]:
    more = [(writer.say("agencies"), f"{path}instansi/")] if what == "wilayah" else []
    return {
        "heading": plain(name),
        "about": writer.say(f"about.{what}", name=plain(name)),
        "trail": [(writer.say("regions.all"), ALL)],
        "more": more,
        "said": [],
        "summary": summary(units),
    }


def _agencies(path: str, name: str, units: Sequence[Listed]) -> List:
    found = by(units, "agency").items()
    wholes = [Whole(each, addresses.agency(each), summary(of)) for each, of in found]
    return _wholes(f"{path}instansi/", "agencies", "agency", [(plain(name), path)], wholes)


def _wholes(
    path: str, heading: str, column: str, trail: Sequence[tuple[str, str]], of: Sequence[Whole]
) -> List:
    def head(writer: Writer) -> dict[str, Any]:
        said = f"{trail[-1][0]}: {writer.say(heading)}" if trail else writer.say(heading)
        return {"heading": said, "trail": trail, "said": [], "summary": None}

    orders = {"name": _by_name, "ikm": _by_mean}
    return List(path, of, orders, whole_row, (column, *PLACES), head, heading)


def _by_name(each: Whole) -> str:
    return each.name.casefold()


def _by_mean(each: Whole) -> tuple[bool, float, str]:
    return each.found.mean is None, -float(each.found.mean or 0), each.name.casefold()


def whole_row(writer: Writer, each: Whole) -> Row:
    found = each.found
    mean = writer.number(found.mean) if found.mean else writer.say("none")
    numbers = (writer.count(found.units), "n"), (writer.count(found.published), "n")
    return named(each.name), each.address, "", ((mean, "n"), *numbers)


def _names(path: str, part: Sequence[Listed]) -> List:
    def head(writer: Writer) -> dict[str, Any]:
        return {
            "heading": writer.say("names"),
            "trail": [(writer.say("menu.names"), RANGES)],
            "said": [ends(part)],
            "summary": None,
        }

    return List(path, part, {"name": by_name}, partial(_row, "region"), COLUMNS, head, "units")
