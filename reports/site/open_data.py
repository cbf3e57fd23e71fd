"""The same figures as data: tables of each period, of the units and of the ranking, what is in them
(Frictionless data package, OpenAPI), and a feed of new sheets. All addresses stay.

A file is a function of what is shown (`reports.site.shown`), as the pages are: below the minimum
sample a cell is empty. Texts never begin a formula.
"""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache, partial
from html import escape
from typing import Any

from reports.site import addresses
from reports.site.catalogue import Catalogue, Read, results_of
from reports.site.openapi import openapi
from reports.site.rendering import Writer, asset, plain
from reports.site.shown import Result
from reports.site.unit_pages import Pages, as_json, compact, flat, lines

FEED = 50  # sheets in the feed
ASSETS = ("site.css", "icon.svg", "check.js")
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
_INTEGERS = {"sheet", "n", "population", "needed", "answers"}
_NUMBERS = {"ikm", "ci95_low", "ci95_high", "mean"}
_SHEETS = (
    *("unit", "name", "agency", "region", "period", "first", "last", "published", "sheet"),
    *("instrument", "n", "population", "needed", "enough", "ikm", "grade", "ci95_low"),
    *("ci95_high", "sha256"),
)
_ELEMENTS = ("unit", "period", "element", "answers", "mean")
_UNITS = ("code", "name", "agency", "region", "kind", "period", "n", "needed", "ikm", "grade")


def of_period(read: Read, name: str, ids: Sequence[int]) -> Pages:
    """Tables of a period: its sheets, and their elements. `ids`: of the sheets, in the order of
    their units. All are made by reading each sheet once, and no two of them are held at once."""
    folder = addresses.data(name)

    @cache
    def made() -> Mapping[str, bytes]:
        sheets, elements, items = _Table(_SHEETS), _Table(_ELEMENTS), list[bytes]()
        with read() as connection:
            for _, each in results_of(connection, ids):
                row = flat(each)
                sheets.add(row.values())
                items.append(compact(row))
                for key, mean in each.elements.items():
                    number = each.content["sums"].get(key, {}).get("n")
                    elements.add((each.code, name, key, number, mean))
        return {
            "sheets.csv": sheets.whole(),
            "sheets.json": lines(items),
            "elements.csv": elements.whole(),
        }

    files = "sheets.csv", "sheets.json", "elements.csv"
    return {folder + file: partial(lambda file: made()[file], file) for file in files}


def of_site(read: Read, catalogue: Catalogue, base: str) -> Pages:
    """What stands in the site's own folder, and tables of all units."""

    def units() -> list[dict[str, Any]]:
        listed = sorted(catalogue.listed, key=lambda each: each.code)
        return [{name: getattr(each, name) for name in _UNITS} for each in listed]

    made: Pages = {name: partial(asset, name) for name in ASSETS}
    return made | {
        "data/units.csv": lambda: _csv(_UNITS, (each.values() for each in units())),
        "data/units.json": lambda: as_json(units()),
        "data/ranking.json": lambda: as_json(catalogue.ranking.to_json()),
        "data/datapackage.json": lambda: as_json(_package(catalogue, base)),
        "openapi.json": lambda: as_json(openapi(base, LICENCE)),
        "feed.atom": lambda: _feed(read, catalogue, base),
    }


def _csv(header: Sequence[str], rows: Iterable[Iterable[Any]]) -> bytes:
    table = _Table(header)
    for row in rows:
        table.add(row)
    return table.whole()


class _Table:
    def __init__(self, header: Sequence[str]) -> None:
        self._text = io.StringIO()
        self._rows = csv.writer(self._text, lineterminator="\n")
        self._rows.writerow(header)

    def add(self, row: Iterable[Any]) -> None:
        self._rows.writerow([_cell(each) for each in row])

    def whole(self) -> bytes:
        return self._text.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    return "" if value is None else value


@lru_cache(50_000)
def _text(value: str) -> str:
    value = plain(value)
    return f"'{value}" if value.startswith(("=", "+", "-", "@")) else value


def _package(catalogue: Catalogue, base: str) -> dict[str, Any]:
    """https://specs.frictionlessdata.io/data-package/: every table, with what its columns are."""
    resources = [_resource("units", "units.csv", _UNITS)]
    for name in catalogue.periods:
        tag = name.lower()
        resources.append(_resource(f"sheets-{tag}", f"{name}/sheets.csv", _SHEETS))
        resources.append(_resource(f"elements-{tag}", f"{name}/elements.csv", _ELEMENTS))
    return {
        "name": "skm",
        "title": "Survei Kepuasan Masyarakat",
        "profile": "tabular-data-package",
        "licenses": [LICENCE],
        **({"homepage": f"{base}/"} if base else {}),
        "resources": resources,
    }


def _resource(name: str, path: str, columns: Sequence[str]) -> dict[str, Any]:
    fields = [{"name": each, "type": _type(each)} for each in columns]
    return {
        "name": name,
        "path": path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _type(column: str) -> str:
    if column in _INTEGERS:
        return "integer"
    if column in _NUMBERS:
        return "number"
    return {"enough": "boolean", "first": "date", "last": "date"}.get(column, "string")


def _feed(read: Read, catalogue: Catalogue, base: str) -> bytes:
    """https://www.rfc-editor.org/rfc/rfc4287: the newest sheets first, each named by its hash."""
    writer = Writer("id", base)
    ids = [each.id for each in catalogue.all_heads[-FEED:]]
    with read() as connection:
        found = [each for _, each in results_of(connection, ids)][::-1]
    updated = max(
        (each.content["published"] for each in found), default=f"{catalogue.day}T00:00:00Z"
    )
    root = f"{base}/" if base else ""
    self_link = f'<link rel="self" href="{escape(root)}feed.atom"/>'
    entries = "".join(_entry(writer, each, root) for each in found)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>{escape(root) or 'urn:skm:'}feed</id><title>{escape(writer.say('feed'))}</title>"
        f"<updated>{updated}</updated><author><name>{escape(writer.say('name'))}</name></author>"
        f"{self_link}{entries}</feed>\n"
    ).encode()


def _entry(writer: Writer, of: Result, root: str) -> str:
    digest = base64.urlsafe_b64encode(bytes.fromhex(of.hash)).decode().rstrip("=")
    to = root + addresses.period(of.code, of.period.name)
    name = plain(of.content["unit"]["name"])
    index = f"IKM {writer.number(of.ikm)} {of.grade}".strip() if of.ikm else writer.say("none")
    title = f"{name}, {writer.period(of.period.name)}: {index}"
    return (
        f"<entry><id>ni:///sha-256;{digest}</id><title>{escape(title)}</title>"
        f'<updated>{of.content["published"]}</updated><link href="{escape(to)}"/>'
        f"<summary>{escape(title)}</summary></entry>"
    )
