"""The index as a table for people at a terminal."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from flows.engine.form import Line
from flows.formats import number
from flows.instrument import Instrument
from flows.loader import SKM, ids_of, words
from flows.operator_words import spoken, tr
from reports.statistics.figures import Figures
from reports.statistics.index import Index, Method, rounded
from reports.statistics.inference import LEAST_FOR_INTERVAL

WIDTH = 80
_SOURCES = {
    "chat": "chat",
    "assisted": "assisted",
    "imported": "paper or a form",
    "web": "web, without a visit link",
    "kiosk": "counter tablet",
    "verified": "verified visits",
}

_METHODS: dict[Method, str] = {
    "exact": "exact (weight 1/k, rounded once at the end)",
    "0.11": "0.11 (weight 0.11 of old reports; 99.00 at most)",
    "0.071": "0.071 (weight 0.071 of old reports; 99.40 at most)",
}


def show(of: str, figures: Figures, asked: Instrument, beside: Sequence[str] = ()) -> None:
    """Print to stdout; plain text where it is no terminal. `of` says what was counted, `beside` are
    lines about what stands beside it."""
    paper = console()
    paper.print(f"{index_name(asked)} · {of}", style="bold", markup=False)
    if asked.id != ids_of(SKM)[0]:  # the newest there is needs no name
        paper.print(asked.name, markup=False)
    paper.print(_elements(figures, asked))
    for line in (*_lines(figures, asked), *beside, *asked.unconfirmed):
        paper.print(line, markup=False)


def own_eyes() -> str:
    """Below figures of the database that no release rule guards (docs/privacy.md)."""
    return tr(
        "For the operator's eyes: these figures may tell what one citizen said. Pass on what "
        "skm publish and skm report make."
    )


def console() -> Console:
    """Of the terminal's width; where it is none, of a page's."""
    paper = Console(highlight=False)
    return paper if paper.is_terminal else Console(highlight=False, width=WIDTH)


def headline(index: Index, asked: Instrument) -> str:
    """The index of a tally that somebody answered in, with its grade and number."""
    assert index.ikm is not None, "somebody answered"
    shown = f"{index_name(asked)} {decimal(index.ikm)} · {_grade(index, asked)}"
    return tr("{0} · {1:respondent|respondents}", shown, index.n)


def _is_skm(asked: Instrument) -> bool:
    return asked.survey == SKM


def index_name(asked: Instrument) -> str:
    return "IKM" if _is_skm(asked) else tr("Index")


def _elements(figures: Figures, asked: Instrument) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(tr("Element"))
    table.add_column(tr("Answers"), justify="right")
    table.add_column(tr("Mean"), justify="right")
    table.add_column("r", justify="right")
    correlations = figures.item_total
    for key, element in figures.index.elements.items():
        mean = "–" if element.mean is None else decimal(element.mean, 4)
        # An element with several questions has a correlation for each of them, in the JSON.
        r = correlations.get(key)
        shown = "–" if r is None else decimal(Fraction(r))
        table.add_row(element_name(asked, key), str(element.n), mean, shown)
    return table


def _lines(figures: Figures, asked: Instrument) -> list[str]:
    index, sample = figures.index, figures.sample
    if index.ikm is None or index.skm is None:
        return [tr("No responses yet.")]
    mean = "SKM" if _is_skm(asked) else tr("Mean")
    lines = [
        headline(index, asked),
        tr("{0} {1} · method {2}", mean, decimal(index.skm, 4), tr(_METHODS[index.method])),
        _interval(index, figures.ci95),
        _alpha(figures.alpha),
    ]
    if index.left_out:
        names = ", ".join(element_name(asked, key) for key in index.left_out)
        k = len(index.elements) - len(index.left_out)
        lines.append(tr("Not counted, since nobody answered: {0}; weight 1/{1}", names, k))
    if sample:
        lines.append(sample_line(index.n, sample, sample["population"]))
    return lines


def _grade(index: Index, asked: Instrument) -> str:
    """The grade; without grades, what the figure may lie between."""
    if index.grade:
        return f"{index.grade} ({index.label})"
    low, high = asked.lowest * asked.times, asked.scale * asked.times
    return tr("scale {0}–{1}", decimal(low), decimal(high))


def _alpha(alpha: Fraction | None) -> str:
    found = tr("cannot be computed") if alpha is None else decimal(alpha, 4)
    return tr("Cronbach's alpha: {0} (r: how each element goes with the sum of the others)", found)


def decimal(value: Fraction, places: int = 2) -> str:
    """As the language writes it, rounded half up."""
    return number(rounded(value, places), words(spoken()))


def _interval(index: Index, ci95: tuple[float, float] | None) -> str:
    if ci95 is not None:
        return interval_line(*(f"{bound:.2f}" for bound in ci95))
    if index.n < LEAST_FOR_INTERVAL:
        return tr(
            "95 % interval: not computed below {0:respondent|respondents}", LEAST_FOR_INTERVAL
        )
    return tr("95 % interval: none, all answers are the same")


def interval_line(low: str, high: str) -> str:
    """Of two decimal texts."""
    said = (
        "95 % interval: {0}–{1}, as if respondents were drawn at random; it does not cover who "
        "chose to answer"
    )
    return tr(said, *(number(bound, words(spoken())) for bound in (low, high)))


def sample_line(n: int, sample: Mapping[str, Any], population: int) -> str:
    enough = tr("enough") if sample["enough"] else tr("not enough yet")
    said = "Sample: {0} of the {1} that are needed (population {2}): {3}"
    return tr(said, n, sample["needed"], population, enough)


def element_name(asked: Instrument, key: str) -> str:
    """Of an element or an item."""
    said = words(spoken())
    name = f"{asked.id}.{key}.name"
    return said.line(Line(name)) if name in said.texts else asked.element_name(key)


def source_name(source: str) -> str:
    return tr(_SOURCES.get(source, source))
