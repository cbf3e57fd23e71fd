"""Lists of units and of places, in several orders and cut into pages: sorting and searching without
a script are addresses that are there already.

The list by name is searched as a telephone book is: each page says which names it holds.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, partial
from typing import Any

from flows.engine.form import cut
from reports.site import addresses
from reports.site.catalogue import Listed, Place
from reports.site.rendering import Writer, plain, writers
from reports.site.unit_pages import Pages
from reports.statistics.index import rounded

PAGE = 80  # rows: below 60 kB whatever units are called
NAME, BYTES = 80, 140  # characters and bytes of a name in a list

Cell = tuple[str, str]  # what is said, and its class
Row = tuple[str, str, str, Sequence[Cell]]
"""Name, address, whose it is, and the other cells."""


@dataclass
class Section:
    """A part of a page (list.html)."""

    heading: str
    caption: str = ""
    columns: Sequence[str] = ()
    rows: Sequence[Row] = ()
    links: Sequence[tuple[str, str, str]] = ()
    orders: Sequence[tuple[str, str, bool]] = ()
    pages: Sequence[tuple[str, str, bool]] = ()


@dataclass
class Summary:
    """Of some units: how many, how many published, how many reach their sample; the plain mean of
    the latter's indices, and how many have each grade."""

    units: int
    published: int
    enough: int
    mean: str | None
    grades: Sequence[tuple[str, int]] = field(default_factory=list)


def summary(of: Sequence[Listed]) -> Summary:
    shown = [each for each in of if each.ikm]
    mean = Fraction(sum(Decimal(each.ikm or 0) for each in shown)) / max(len(shown), 1)
    of_grade = Counter(each.grade for each in shown)
    grades = [(name, of_grade[name]) for name in "ABCD"]
    number = sum(bool(each.period) for each in of)
    return Summary(len(of), number, len(shown), rounded(mean, 2) if shown else None, grades)


@lru_cache(200_000)
def named(text: str) -> str:
    text = cut(plain(text), NAME)
    if len(text.encode()) <= BYTES:
        return text
    return text.encode()[: BYTES - 3].decode("utf-8", "ignore") + "…"


@dataclass(frozen=True)
class List:
    """Rows at an address, in several orders: order → key; the first one's pages stand at the
    address itself. `head`: heading, trail, lines and such of the whole page; `heading`: of the
    list."""

    path: str
    items: Sequence[Any]
    orders: Mapping[str, Callable[[Any], Any]]
    row: Callable[[Writer, Any], Row]
    columns: Sequence[str]
    head: Callable[[Writer], dict[str, Any]]
    heading: str

    def pages(self, base: str) -> Pages:
        made: Pages = {}
        for place, (order, key) in enumerate(self.orders.items()):
            ordered = sorted(self.items, key=key)
            folder = self.path if place == 0 else f"{self.path}{ORDER_PATHS[order]}/"
            parts = [ordered[at : at + PAGE] for at in range(0, len(ordered), PAGE)] or [[]]
            for number, part in enumerate(parts):
                here = folder if number == 0 else f"{folder}{number + 1}/"
                for writer in writers(base).values():
                    make = partial(
                        self._page, writer, here, folder, order, number, len(parts), part
                    )
                    made[writer.file(here)] = make
        return made

    def _page(
        self,
        writer: Writer,
        here: str,
        folder: str,
        order: str,
        number: int,
        of: int,
        part: Sequence[Any],
    ) -> bytes:
        head = self.head(writer)
        first = next(iter(self.orders))
        orders = [
            (
                each,
                self.path if each == first else f"{self.path}{ORDER_PATHS[each]}/",
                each == order,
            )
            for each in self.orders
        ]
        section = Section(
            writer.say(self.heading),
            writer.say("list.caption", order=writer.say(f"order.{order}")),
            self.columns,
            [self.row(writer, each) for each in part],
            orders=orders if len(self.items) > 1 and len(orders) > 1 else (),
            pages=list(_pages(folder, number, of)),
        )
        if number or order != first:
            head["summary"] = None
            head["said"] = []
        title = head["heading"] if not number else f"{head['heading']} ({number + 1})"
        return writer.page("list.html", here, title=title, groups=[section], **head)


ORDER_PATHS = {"ikm": "ikm", "name": "nama", "n": "responden"}


def _pages(folder: str, number: int, of: int) -> Iterator[tuple[str, str, bool]]:
    """Links to the first and the last page, and to those around this one."""
    if of == 1:
        return
    near = {0, of - 1, *range(max(0, number - 3), min(of, number + 4))}
    for each in sorted(near):
        to = folder if each == 0 else f"{folder}{each + 1}/"
        yield str(each + 1), to, each == number


def by_ikm(each: Listed) -> tuple[Any, ...]:
    """The highest first; those without a figure last."""
    return (each.ikm is None, -float(each.ikm or 0), each.name.casefold(), each.code)


def by_name(each: Any) -> tuple[str, str]:
    return each.name.casefold(), each.code


def by_n(each: Listed) -> tuple[Any, ...]:
    return -each.n, each.name.casefold(), each.code


def figure(writer: Writer, each: Listed) -> Cell:
    if each.ikm:
        return f"{writer.number(each.ikm)} {each.grade}".strip(), "n"
    return writer.say("none" if each.period else "unpublished"), "n"


def unit_row(writer: Writer, each: Listed, place: str) -> Row:
    share = f"{writer.count(each.n)}/{writer.count(each.needed)}" if each.period else "–"
    cells = figure(writer, each), (share, "n"), (each.period or "–", "n")
    return named(each.name), addresses.unit(each.code), place, cells


def ranked_row(writer: Writer, each: tuple[Listed, Place]) -> Row:
    unit, place = each
    span = f"{writer.count(place.best)}–{writer.count(place.worst)}"
    index = f"{writer.number(place.ikm)} {place.grade}".strip()
    cells = (
        (writer.count(place.rank), "n"),
        (index, "n"),
        (span, "n"),
        (f"{writer.count(place.n)}/{writer.count(place.needed)}", "n"),
    )
    return named(unit.name), addresses.unit(unit.code), named(unit.agency), cells
