"""Pages from which one goes on: the nation, the kinds that are ranked, the names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from reports.site import addresses, lists, places, rankings
from reports.site.catalogue import Catalogue, Listed
from reports.site.lists import Section, named, summary
from reports.site.rendering import Writer
from reports.site.unit_pages import Pages

MOST = 250  # places on one page


def pages(writer: Writer, catalogue: Catalogue) -> Pages:
    return {
        writer.file(""): partial(_home, writer, catalogue),
        writer.file("peringkat/"): partial(_rankings, writer, catalogue),
        writer.file("daftar/"): partial(_names, writer, catalogue),
    }


def _page(writer: Writer, path: str, heading: str, groups: Sequence[Section], **more: Any) -> bytes:
    head: dict[str, Any] = {
        "title": heading,
        "heading": heading,
        "trail": [],
        "said": [],
        "summary": None,
    }
    return writer.page("list.html", path, groups=groups, **{**head, **more})


def _home(writer: Writer, catalogue: Catalogue) -> bytes:
    regions = sorted(places.by(catalogue.listed, "region").items())
    rows = [_row(writer, name, of) for name, of in regions]
    columns = ("region", "units", "published", "mean")
    section = Section(writer.say("regions"), writer.say("regions.caption"), columns, rows[:MOST])
    about = writer.say("nation.about")
    more = {"about": about, "said": [about], "summary": summary(catalogue.listed)}
    return _page(writer, "", writer.say("nation.title"), [section], **more)


def _row(writer: Writer, name: str, of: Sequence[Listed]) -> lists.Row:
    found = summary(of)
    mean = writer.number(found.mean) if found.mean else writer.say("none")
    numbers = [(writer.count(found.units), "n"), (writer.count(found.published), "n")]
    return named(name), addresses.region(name), (*numbers, (mean, "n"))


def _rankings(writer: Writer, catalogue: Catalogue) -> bytes:
    links = [
        (
            rankings.heading(writer, kind),
            addresses.ranking(kind),
            writer.say("units.number", n=writer.count(len(mine))),
        )
        for kind, mine in sorted(rankings.by_kind(catalogue).items())
    ]
    regions = sorted({each.region for each in catalogue.listed})
    of_regions = [(named(name), addresses.region(name), "") for name in regions]
    groups = [Section(writer.say("ranking.kinds"), links=links)] if links else []
    groups.append(Section(writer.say("ranking.regions"), links=of_regions[: 2 * MOST]))
    said = ["ranking.about", "ranking.range"] if links else ["ranking.none"]
    heading = writer.say("menu.ranking")
    return _page(writer, "peringkat/", heading, groups, said=[writer.say(key) for key in said])


def _names(writer: Writer, catalogue: Catalogue) -> bytes:
    links = [
        (places.ends(part), f"daftar/{number}/", "")
        for number, part in enumerate(places.names(catalogue), 1)
    ]
    groups = [Section(writer.say("names.pages"), links=links)]
    return _page(writer, "daftar/", writer.say("names"), groups, said=[writer.say("names.about")])
