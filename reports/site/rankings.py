"""Rankings of the day: units with enough respondents, each among those of its kind."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from reports.site import addresses
from reports.site.catalogue import Catalogue
from reports.site.lists import List, by_name, ranked_row
from reports.site.places import Made
from reports.site.rendering import Writer, kind_name, plain

COLUMNS = ("unit", "rank", "ikm", "range", "n")
_ORDERS = {
    "ikm": lambda each: (each[1].rank, by_name(each[0])),
    "name": lambda each: by_name(each[0]),
    "n": lambda each: (-each[1].n, by_name(each[0])),
}


def lists(catalogue: Catalogue) -> Iterator[Made]:
    ranks, period = catalogue.ranking, catalogue.ranking.period
    for kind, mine in catalogue.ranked.items():
        head = partial(_head, kind=kind, period=period)
        path = addresses.ranking(kind)
        made_of = ranks.key, [(unit.name, unit.agency) for unit, _ in mine]
        yield Made(path, [List(path, mine, _ORDERS, ranked_row, COLUMNS, head, "units")], made_of)


def heading(writer: Writer, kind: str) -> str:
    return kind_name(plain(kind)) or writer.say("kind.none")


def _head(writer: Writer, kind: str, period: str) -> dict[str, Any]:
    named = {"kind": heading(writer, kind), "period": writer.period(period)}
    return {
        "heading": writer.say("ranking.of", **named),
        "about": writer.say("ranking.about"),
        "trail": [(writer.say("menu.ranking"), "peringkat/")],
        "said": [writer.say("ranking.about"), writer.say("ranking.range")],
        "summary": None,
    }
