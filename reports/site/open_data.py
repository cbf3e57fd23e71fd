"""The same figures as data: tables of each period, of the units and of the ranking, what is in them
(Frictionless data package, OpenAPI), and a feed of new sheets. All addresses stay.

A file is a function of what is shown (`reports.site.shown`), as the pages are: below the minimum
sample a cell is empty. Texts never begin a formula.
"""

import base64
import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache, partial
from html import escape
from typing import Any, NamedTuple

from reports.site import addresses
from reports.site.catalogue import Catalogue, Read, results_of
from reports.site.openapi import openapi
from reports.site.rendering import Writer, asset, plain
from reports.site.shown import Result
from reports.site.unit_pages import Pages, as_json, compact, flat, lines
from storage.index.published import Head

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


Former = Callable[[str], bytes | None]
"""A file as it was made before by the same edition; None: there is none."""


def of_period(
    read: Read, name: str, heads: Sequence[Head], former: Former = lambda file: None
) -> Pages:
    """Tables of a period: its sheets, and their elements. `heads`: of the sheets, in the order of
    their units. All are made by reading each sheet once, and no two of them are held at once;
    what a former table says of a sheet is not read again."""
    folder = addresses.data(name)

    @cache
    def made() -> Mapping[str, bytes]:
        known = _known(folder, former)
        news = [head.id for head in heads if head.hash.hex() not in known]
        with read() as connection:
            for _, each in results_of(connection, news):
                known[each.hash] = _said_of(each)
        said = [known[head.hash.hex()] for head in heads]
        return {
            _TABLES[0]: _csv(_ELEMENTS) + b"".join(each.elements for each in said),
            _TABLES[1]: _csv(_SHEETS) + b"".join(each.row for each in said),
            _TABLES[2]: lines(each.item for each in said),
        }

    return {folder + file: partial(lambda file: made()[file], file) for file in _TABLES}


# In the order in which they are written: what the last one has, the others have too.
_TABLES = ("elements.csv", "sheets.csv", "sheets.json")


class _Said(NamedTuple):
    """Of a sheet in the tables: its lines in each."""

    elements: bytes
    row: bytes
    item: bytes


def _said_of(of: Result) -> _Said:
    row, sums = flat(of), of.content["sums"]
    elements = (
        (of.code, of.period.name, key, sums.get(key, {}).get("n"), mean)
        for key, mean in of.elements.items()
    )
    return _Said(_csv(*elements), _csv(row.values()), compact(row))


def _known(folder: str, former: Former) -> dict[str, _Said]:
    """Hash → what the former tables say of that sheet."""
    there = [former(folder + file) for file in _TABLES]
    if None in there:
        return {}
    elements, rows, items = (each.splitlines(keepends=True) for each in there if each is not None)
    if elements[:1] != [_csv(_ELEMENTS)] or rows[:1] != [_csv(_SHEETS)]:
        return {}
    of_unit: dict[bytes, list[bytes]] = defaultdict(list)
    for each in elements[1:]:
        of_unit[each.partition(b",")[0]].append(each)
    found, row_of = {}, {each[-65:-1]: each for each in rows[1:]}
    for line in items[1:-1]:
        item = line.rstrip(b",\n")
        hash = item[-66:-2]  # the last of its members, as it is the last of the columns
        if hash in row_of:
            row = row_of[hash]
            found[hash.decode()] = _Said(b"".join(of_unit[row.partition(b",")[0]]), row, item)
    return found


def of_site(read: Read, catalogue: Catalogue, base: str) -> Pages:
    """What stands in the site's own folder, and tables of all units."""

    @cache
    def units() -> list[dict[str, Any]]:
        listed = sorted(catalogue.listed, key=lambda each: each.code)
        return [{name: getattr(each, name) for name in _UNITS} for each in listed]

    made: Pages = {name: partial(asset, name) for name in ASSETS}
    return made | {
        "data/units.csv": lambda: _csv(_UNITS, *(each.values() for each in units())),
        "data/units.json": lambda: as_json(units()),
        "data/ranking.json": lambda: as_json(catalogue.ranking.to_json()),
        "data/datapackage.json": lambda: as_json(_package(catalogue, base)),
        "openapi.json": lambda: as_json(openapi(base, LICENCE)),
        "feed.atom": lambda: _feed(read, catalogue, base),
    }


def _csv(*rows: Iterable[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(map(_cell, row) for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return "true" if value else "false"
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
