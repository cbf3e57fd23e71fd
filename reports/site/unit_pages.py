"""All that the site says of one unit: its page, one for each published period, card, badge, JSON.

A period's page follows from its sheet and the one before, and from nothing that changes: it bears
the unit's name and agency as they were published. What changes stands on the unit's own page.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import msgspec

from flows.loader import skm_on
from reports.site import addresses, badge
from reports.site.catalogue import Place, Ranking
from reports.site.preview import preview
from reports.site.rendering import Writer, kind_name, plain, writers
from reports.site.rows import Rows
from reports.site.shown import Result, parsed, result_of
from reports.site.trend import trend
from storage.index.sheets import Sheet
from storage.office.improvements import Improvements
from storage.office.public_files import PublicFile
from storage.periods import previous
from storage.standards import Promise
from storage.units import Unit

Make = Callable[[], bytes | None]
Content = Callable[[str], bytes | None]
_OF_UNIT = (addresses.INDEX, "card.html", "preview.png", "badge.svg", "data.json")
_OF_PERIOD = (addresses.INDEX, "rows.csv")
_PUBLIC_FILE = re.compile(rf"[0-9a-f]{{{addresses.NAMED}}}\.(jpg|pdf)")

Pages = dict[str, Make]
"""File → what makes it; None: there is none after all."""


@dataclass(frozen=True)
class Known:
    """Of a unit. `sheets`: those that are shown, by number; `rows`: anonymous ones, None
    where they are no part of the site; `survey`: the link into it, "" for none; `content`: of its
    public files, by hash."""

    unit: Unit
    sheets: Sequence[Sheet]
    did: Improvements
    place: Place | None
    ranked: str
    day: date
    survey: str = ""
    rows: Rows | None = None
    content: Content = lambda hash: None

    def has_rows(self, period: str) -> bool:
        return self.rows is not None and self.rows.has(period)


def known(
    unit: Unit,
    sheets: Sequence[Sheet],
    did: Improvements,
    ranks: Ranking,
    day: date,
    survey: str,
    rows: Rows | None = None,
    content: Content = lambda hash: None,
) -> Known:
    place = ranks.places.get(unit.code)
    return Known(unit, sheets, did, place, ranks.period, day, survey, rows, content)


def pages(of: Known, base: str) -> Pages:
    """Every file below the unit's address, in both languages. `base`: where the site is reached."""
    results = _newest(of.sheets)
    made: Pages = {_address(of, each): partial(of.content, each.hash) for each in of.did.photos}
    folder = addresses.unit(of.unit.code)
    for writer in writers(base).values():
        made[writer.file(folder)] = partial(_unit, writer, folder, of, results)
        made[writer.root + folder + "card.html"] = partial(_card, writer, folder, of, results)
        before: Result | None = None
        for each in results:
            path = addresses.period(of.unit.code, each.period.name)
            made[writer.file(path)] = partial(_period, writer, path, each, before, of)
            before = each
    for each in results:
        if file := _report_of(of, each):
            made[_address(of, file)] = partial(of.content, file.hash)
    made[f"{folder}preview.png"] = partial(preview, Writer("id"), of.unit.name, _last(results))
    made[f"{folder}badge.svg"] = partial(badge.badge, of.unit.name, _last(results))
    made[f"{folder}data.json"] = partial(_data, of, results)
    for name in of.rows.ripe if of.rows else ():
        assert of.rows
        made[addresses.period(of.unit.code, name) + "rows.csv"] = partial(of.rows.table, name)
    return made


def may_be(name: str, periods: Collection[str]) -> bool:
    """Whether there may be such a file in a unit's folder: asked before anything of it is read."""
    period, _, file = name.rpartition("/")
    if period:
        return period in periods and file in _OF_PERIOD
    return name in _OF_UNIT or bool(_PUBLIC_FILE.fullmatch(name))


def _report_of(of: Known, result: Result) -> PublicFile | None:
    """The official report that was published besides, where it says what this page says."""
    if result.ikm is None:
        return None
    mine = (each for each in of.did.reports if each.of == result.period.name)
    return next((each for each in mine if each.made_of == result.hash), None)


def _address(of: Known, file: PublicFile) -> str:
    return addresses.public_file(of.unit.code, file.hash, file.media_type)


def _newest(sheets: Sequence[Sheet]) -> list[Result]:
    """Of each period the newest sheet, the earliest period first."""
    newest = {sheet.period: sheet for sheet in sheets}
    found = sorted(newest.values(), key=lambda sheet: (parsed(sheet.period).last, sheet.number))
    return [result_of(each) for each in found]


def _last(results: Sequence[Result]) -> Result | None:
    return results[-1] if results else None


def _comparable(now: Result, before: Result | None) -> Result | None:
    """The period right before it, asked by the same instrument, if it shows a figure."""
    if before is None or before.ikm is None or before.instrument != now.instrument:
        return None
    return before if before.period.name == previous(now.period).name else None


def _unit(writer: Writer, folder: str, of: Known, results: Sequence[Result]) -> bytes:
    unit, last = of.unit, _last(results)
    before = _comparable(last, results[-2]) if last and len(results) > 1 else None
    alike = [each for each in results if last and each.period.kind == last.period.kind]
    by = last.instrument if last else skm_on(of.day).id
    return writer.page(
        "unit.html",
        folder,
        title=plain(unit.name),
        about=_about(writer, unit.name, last),
        picture=f"{folder}preview.png",
        u=unit,
        r=last,
        before=before,
        results=results[::-1],
        trend=trend(alike, writer),
        former=_former(unit, results),
        did=of.did,
        address=partial(_address, of),
        promises=_in_force(of.did.promised, of.day),
        services={each["id"]: each["label"] for each in (*unit.services, *unit.retired)},
        instrument=by,
        kind=plain(kind_name(unit.kind)),
        region=addresses.region(unit.region),
        agency=addresses.agency(unit.agency),
        place=of.place,
        ranked=of.ranked,
        ranking=addresses.ranking(unit.kind),
        badge=f"IKM {badge.said(last)}",
        survey=of.survey,
    )


def _about(writer: Writer, name: str, result: Result | None) -> str:
    """What a search or a message shows of the page."""
    if result is None:
        return f"{plain(name)}: {writer.say('unpublished')}"
    period = writer.period(result.period.name)
    if result.ikm is None:
        said = writer.say("none.few", n=writer.count(result.n), needed=writer.count(result.needed))
        return f"{plain(name)}, {period}: {writer.say('none')}. {said}"
    grade = f" {result.grade} ({writer.grade(result.grade)})" if result.grade else ""
    return f"{plain(name)}, {period}: IKM {writer.number(result.ikm)}{grade}"


def _former(unit: Unit, results: Sequence[Result]) -> list[tuple[str, str, str]]:
    """What it was called and whose it was before, each with the last period of that."""
    seen: dict[tuple[str, str], str] = {}
    for each in results:
        named = each.content["unit"]["name"], each.content["unit"]["agency"]
        if named != (unit.name, unit.agency):
            seen[named] = each.period.name
    return [(name, agency, until) for (name, agency), until in seen.items()]


def _in_force(promised: Sequence[Promise], day: date) -> list[Promise]:
    """Of each service and element the last one begun by that day."""
    found = {(p.service, p.element): p for p in promised if p.valid_from <= day}
    return list(found.values())


def _period(writer: Writer, path: str, now: Result, before: Result | None, of: Known) -> bytes:
    name, period = plain(now.content["unit"]["name"]), now.period.name
    report = _report_of(of, now)
    return writer.page(
        "period.html",
        path,
        title=f"{name}, {writer.period(period)}",
        about=_about(writer, name, now),
        r=now,
        before=_comparable(now, before),
        sheet=addresses.sheet(now.code, now.number),
        rows=f"{path}rows.csv" if of.has_rows(period) else "",
        report=_address(of, report) if report else "",
        kb=max(round(report.size / 1000), 1) if report else 0,
    )


def _card(writer: Writer, folder: str, of: Known, results: Sequence[Result]) -> bytes:
    title = f"{writer.say('card.title')}: {plain(of.unit.name)}"
    return writer.page("card.html", folder, title=title, u=of.unit, r=_last(results))


def flat(of: Result) -> dict[str, Any]:
    """A sheet as one row: figures as texts with a point, "" or null where none is shown."""
    low, high = of.ci95 or (None, None)
    return {
        "unit": of.code,
        "name": of.content["unit"]["name"],
        "agency": of.content["unit"]["agency"],
        "region": of.content["unit"]["region"],
        "period": of.period.name,
        "first": of.period.first.isoformat(),
        "last": of.period.last.isoformat(),
        "published": of.content["published"],
        "sheet": of.number,
        "instrument": of.instrument,
        "n": of.n,
        "population": of.content["population"],
        "needed": of.needed,
        "enough": of.enough,
        "ikm": of.ikm,
        "grade": of.grade or None,
        "ci95_low": low,
        "ci95_high": high,
        "sha256": of.hash,
    }


def _data(of: Known, results: Sequence[Result]) -> bytes:
    unit = of.unit
    said = {
        "code": unit.code,
        "name": unit.name,
        "agency": unit.agency,
        "region": unit.region,
        "kind": unit.kind,
        "periods": [_period_data(each, of) for each in results],
        "follow_ups": [
            {
                "element": each.element,
                "programme": each.programme,
                "told": each.told,
                "planned": each.planned_on.isoformat(),
                "finished": each.finished_on.isoformat(),
                "photo": _address(of, each.photo) if each.photo else None,
            }
            for each in of.did.done
        ],
    }
    return as_json(said)


def _period_data(each: Result, of: Known) -> dict[str, Any]:
    path = addresses.period(each.code, each.period.name)
    address = addresses.sheet(each.code, each.number) + ".json"
    rows = f"{path}rows.csv" if of.has_rows(each.period.name) else None
    more = {"elements": each.elements, "sheet_address": address, "page": path, "rows": rows}
    more["report"] = _report_data(of, each)
    return {**flat(each), **more}


def _report_data(of: Known, each: Result) -> dict[str, Any] | None:
    file = _report_of(of, each)
    if file is None:
        return None
    said = {"address": _address(of, file), "media_type": file.media_type}
    return {**said, "bytes": file.size, "sha256": file.hash}


def as_json(what: Any) -> bytes:
    """A list has a line for each of its items."""
    return lines(map(compact, what)) if isinstance(what, list) else compact(what) + b"\n"


def lines(items: Iterable[bytes]) -> bytes:
    """A list of what is written already."""
    return b"[\n" + b",\n".join(items) + b"\n]\n"


def compact(what: Any) -> bytes:
    return msgspec.json.encode(what)
