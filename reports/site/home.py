"""Pages from which one goes on: the nation, the kinds that are ranked, the names."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from reports.site import addresses, places, rankings
from reports.site.catalogue import Catalogue, Listed
from reports.site.lists import PAGE, Section, summary
from reports.site.rendering import Writer
from reports.site.unit_pages import Pages

RANGES = "nama/"


def pages(writer: Writer, catalogue: Catalogue) -> Pages:
    return {
        writer.file(""): partial(_home, writer, catalogue),
        writer.file("peringkat/"): partial(_rankings, writer, catalogue),
        writer.file(places.RANGES): partial(_names, writer, catalogue),
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
        for kind, mine in sorted(catalogue.ranked.items())
    ]
    groups = [Section(writer.say("ranking.kinds"), links=links[: 2 * PAGE])] if links else []
    regions = [(writer.say("regions.all"), places.ALL, "")]
    groups.append(Section(writer.say("ranking.regions"), links=regions))
    said = ["ranking.about", "ranking.range"] if links else ["ranking.none"]
    heading = writer.say("menu.ranking")
    return _page(writer, "peringkat/", heading, groups, said=[writer.say(key) for key in said])


Link = tuple[str, str, str]


def _names(writer: Writer, catalogue: Catalogue) -> bytes:
    """Ranges of names; of very many, ranges of ranges."""
    parts = places.names(catalogue)
    links = _links(parts)
    if len(links) > PAGE:
        links = [
            (places.ends([part[0][0], part[-1][-1]]), f"{RANGES}{number}/", "")
            for number, part in enumerate(_cut(parts), 1)
        ]
    return _range(writer, places.RANGES, links)


def ranges(writer: Writer, catalogue: Catalogue) -> Pages:
    """The ranges of which those of very many names are made."""
    links = _links(places.names(catalogue))
    numbered = enumerate(_cut(links), 1) if len(links) > PAGE else ()
    paths = ((f"{RANGES}{number}/", part) for number, part in numbered)
    return {writer.file(path): partial(_range, writer, path, part) for path, part in paths}


def _links(parts: Sequence[Sequence[Listed]]) -> list[Link]:
    return [(places.ends(p), f"{places.RANGES}{n}/", "") for n, p in enumerate(parts, 1)]


def _cut(items: Sequence[Any]) -> list[Sequence[Any]]:
    return [items[at : at + PAGE] for at in range(0, len(items), PAGE)]


def _range(writer: Writer, path: str, links: Sequence[Link]) -> bytes:
    groups = [Section(writer.say("names.pages"), links=links)]
    return _page(writer, path, writer.say("names"), groups, said=[writer.say("names.about")])
