"""Lists of the units of a region and of an agency, and of all units by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from reports.site import addresses
from reports.site.catalogue import Catalogue, Listed
from reports.site.lists import (
    PAGE,
    List,
    Section,
    by_ikm,
    by_n,
    by_name,
    named,
    summary,
    unit_row,
)
from reports.site.rendering import Writer, plain

COLUMNS = ("unit", "place", "ikm", "n", "period")
Made = tuple[List, Any]
"""A list, and all that it is made of."""


def by(listed: Sequence[Listed], what: str) -> dict[str, list[Listed]]:
    found: dict[str, list[Listed]] = defaultdict(list)
    for each in listed:
        found[getattr(each, what)].append(each)
    return found


def lists(catalogue: Catalogue) -> Iterator[Made]:
    for name, units in by(catalogue.listed, "region").items():
        yield _place(addresses.region(name), name, "wilayah", "agency", units), units
    for name, units in by(catalogue.listed, "agency").items():
        yield _place(addresses.agency(name), name, "instansi", "region", units), units
    for number, part in enumerate(names(catalogue), 1):
        yield _names(f"daftar/{number}/", part), part


def names(catalogue: Catalogue) -> list[Sequence[Listed]]:
    """The telephone book: pages of units by name, each a group, so that one sheet changes one."""
    ordered = sorted(catalogue.listed, key=by_name)
    return [ordered[at : at + PAGE] for at in range(0, len(ordered), PAGE)]


def ends(part: Sequence[Listed]) -> str:
    return f"{named(part[0].name)} – {named(part[-1].name)}"


def _place(path: str, name: str, what: str, other: str, units: Sequence[Listed]) -> List:
    orders = {"ikm": by_ikm, "name": by_name, "n": by_n}
    head = partial(_head, name=name, what=what, units=units)
    return List(path, units, orders, partial(_row, other), COLUMNS, head, "units")


def _row(other: str, writer: Writer, each: Listed) -> Any:
    return unit_row(writer, each, named(getattr(each, other)))


def _head(writer: Writer, name: str, what: str, units: Sequence[Listed]) -> dict[str, Any]:
    agencies = by(units, "agency")
    shows = what == "wilayah" and len(agencies) > 1
    return {
        "heading": plain(name),
        "about": writer.say(f"about.{what}", name=plain(name)),
        "trail": [],
        "said": [],
        "summary": summary(units),
        "sections": [_agencies(writer, agencies)] if shows else [],
    }


def _agencies(writer: Writer, agencies: dict[str, list[Listed]]) -> Section:
    links = [
        (named(name), addresses.agency(name), writer.say("units.number", n=writer.count(len(of))))
        for name, of in sorted(agencies.items())
    ]
    return Section(writer.say("agencies"), links=links[: 2 * PAGE])


def _names(path: str, part: Sequence[Listed]) -> List:
    def head(writer: Writer) -> dict[str, Any]:
        return {
            "heading": writer.say("names"),
            "trail": [(writer.say("menu.names"), "daftar/")],
            "said": [ends(part)],
            "summary": None,
        }

    return List(path, part, {"name": by_name}, partial(_row, "region"), COLUMNS, head, "units")
