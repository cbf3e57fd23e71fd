"""Pages from which one goes on: the nation, the kinds that are ranked, the names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from reports.site import addresses, places, rankings
from reports.site.catalogue import Catalogue
from reports.site.lists import PAGE, Section, summary
from reports.site.rendering import Writer
from reports.site.unit_pages import Pages


def pages(writer: Writer, catalogue: Catalogue) -> Pages:
    return {
        writer.file(""): partial(_home, writer, catalogue),
        writer.file("peringkat/"): partial(_rankings, writer, catalogue),
        **_names(writer, catalogue),
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
    rows = [
        places.whole_row(writer, places.Whole(name, addresses.region(name), summary(of)))
        for name, of in regions[:PAGE]
    ]
    columns = ("region", *places.PLACES)
    links = [(writer.say("regions.all"), places.ALL, writer.count(len(regions)))]
    section = Section(writer.say("regions"), writer.say("regions.caption"), columns, rows, links)
    about = writer.say("nation.about")
    more = {"about": about, "said": [about], "summary": summary(catalogue.listed)}
    return _page(writer, "", writer.say("nation.title"), [section], **more)


def _rankings(writer: Writer, catalogue: Catalogue) -> bytes:
    links = [
        (
            rankings.heading(writer, kind),
            addresses.ranking(kind),
            writer.say("units.number", n=writer.count(len(mine))),
        )
        for kind, mine in sorted(rankings.by_kind(catalogue).items())
    ]
    groups = [Section(writer.say("ranking.kinds"), links=links[: 2 * PAGE])] if links else []
    regions = [(writer.say("regions.all"), places.ALL, "")]
    groups.append(Section(writer.say("ranking.regions"), links=regions))
    said = ["ranking.about", "ranking.range"] if links else ["ranking.none"]
    heading = writer.say("menu.ranking")
    return _page(writer, "peringkat/", heading, groups, said=[writer.say(key) for key in said])


def _names(writer: Writer, catalogue: Catalogue) -> Pages:
    """Ranges of names; of very many, ranges of ranges."""
    parts = places.names(catalogue)
    links = [(places.ends(p), f"{places.RANGES}{n}/", "") for n, p in enumerate(parts, 1)]
    if len(links) <= PAGE:
        return {writer.file(places.RANGES): partial(_range, writer, places.RANGES, links)}
    pages: Pages = {}
    wholes = []
    for number, at in enumerate(range(0, len(links), PAGE), 1):
        path, mine = f"nama/{number}/", links[at : at + PAGE]
        pages[writer.file(path)] = partial(_range, writer, path, mine)
        first, last = parts[at][0], parts[min(at + PAGE, len(parts)) - 1][-1]
        wholes.append((places.ends([first, last]), path, ""))
    pages[writer.file(places.RANGES)] = partial(_range, writer, places.RANGES, wholes)
    return pages


def _range(writer: Writer, path: str, links: Sequence[tuple[str, str, str]]) -> bytes:
    groups = [Section(writer.say("names.pages"), links=links)]
    return _page(writer, path, writer.say("names"), groups, said=[writer.say("names.about")])
