"""How the index is made of the answers, as a table that a workbook calculates anew.

A row for each question: its answers, what they add up to, their mean, its weight and what it adds
to the index. What is a formula in a workbook gives what is printed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from flows.instrument import Grade, Instrument
from flows.loader import instrument
from reports.official_report import wording
from reports.official_report.report import Headline, ItemSum, Report
from reports.papers.document import Block, Cell, Figure, Paragraph, Table
from reports.statistics.index import rounded

CALCULATION = "Pengolahan nilai per pertanyaan"
_HEAD = ("No.", "Unsur", "Jawaban", "Jumlah nilai", "NRR", "Bobot", "NRR tertimbang", "IKM unsur")
_WIDTHS = (2, 10, 4, 4, 4, 4, 5, 4)
_N, _SUM, _MEAN, _WEIGHT, _WEIGHTED, _INDEX = range(2, 8)

Weights = Mapping[str, Fraction]
Live = Mapping[tuple[int, int], str]


def calculation(report: Report) -> Iterator[Block]:
    """Nothing where not all is told that the index is made of: of weeks, and of old sheets."""
    found, by, items = report.figures.headline, instrument(report.instrument), report.figures.items
    weights, index = _weights(items, by), index_from(items, by)
    if found is None or index is None or rounded(index, 2) != found.ikm:
        return
    rows = [_row(place, item, weights, by) for place, item in enumerate(items)]
    live = [
        _formulas(place, weights[i.key], by) for place, i in enumerate(items) if i.key in weights
    ]
    live.append(_end_formulas(len(items), by))
    every = {cell: formula for each in live for cell, formula in each.items()}
    yield Table(CALCULATION, _HEAD, (*rows, *_ends(found, wording.office(report))), _WIDTHS, every)
    yield Paragraph(
        "Bobot = 1 dibagi banyaknya unsur yang dihitung. Dalam buku kerja (.xlsx) kolom NRR dan "
        "sesudahnya adalah rumus.",
        "note",
    )


def _weights(items: Sequence[ItemSum], by: Instrument) -> Weights:
    """Of the questions whose sums are told: 1/k for an element, shared by its questions."""
    counted = [item.key for item in items if item.n and item.sum is not None]
    questions = Counter(by.elements[key] for key in counted)
    return {key: Fraction(1, len(questions) * questions[by.elements[key]]) for key in counted}


def index_from(items: Sequence[ItemSum], by: Instrument) -> Fraction | None:
    """Unrounded; None where no sum is told."""
    means = {i.key: Fraction(i.sum, i.n) for i in items if i.n and i.sum is not None}
    weighted = (means[key] * weight for key, weight in _weights(items, by).items())
    return sum(weighted, Fraction(0)) * by.times if means else None


def _row(place: int, item: ItemSum, weights: Weights, by: Instrument) -> tuple[Cell, ...]:
    head = (Figure(str(place + 1)), by.element_name(by.elements[item.key]), Figure(str(item.n)))
    if item.key not in weights or item.sum is None:
        hidden = wording.HIDDEN if item.n else wording.NONE
        return (*head, hidden, hidden, wording.NONE, hidden, hidden)
    weight, mean = weights[item.key], Fraction(item.sum, item.n)
    parts = (Figure(rounded(each, 4)) for each in (mean, weight, mean * weight))
    return (*head, Figure(str(item.sum)), *parts, Figure(rounded(mean * by.times, 2)))


def _ends(found: Headline, of: str) -> Iterator[tuple[Cell, ...]]:
    nothing = ("",) * 4
    yield ("", "Jumlah NRR tertimbang", *nothing, Figure(found.skm), "")
    yield ("", f"IKM {of}", *nothing, "", Figure(found.ikm))
    if found.grade:
        yield ("", "Mutu pelayanan", *nothing, "", found.grade)


def _formulas(row: int, weight: Fraction, by: Instrument) -> Live:
    return {
        (row, _MEAN): f"={_at(row, _SUM)}/{_at(row, _N)}",
        (row, _WEIGHT): f"={weight.numerator}/{weight.denominator}",
        (row, _WEIGHTED): f"={_at(row, _MEAN)}*{_at(row, _WEIGHT)}",
        (row, _INDEX): f"={_half_up(f'{_at(row, _MEAN)}*{by.times}')}",
    }


def _end_formulas(row: int, by: Instrument) -> Live:
    """`row`: the first below the questions."""
    index = _at(row + 1, _INDEX)
    live = {
        (row, _WEIGHTED): f"=SUM({_at(0, _WEIGHTED)}:{_at(row - 1, _WEIGHTED)})",
        (row + 1, _INDEX): f"={_half_up(f'{_at(row, _WEIGHTED)}*{by.times}')}",
    }
    return live | ({(row + 2, _INDEX): f"={_graded(by.grades, index)}"} if by.grades else {})


def _half_up(value: str) -> str:
    """Rounded twice: a sum of binary fractions may lie a hair below the half that it is."""
    return f"ROUND(ROUND({value},9),2)"


def _graded(grades: Sequence[Grade], index: str) -> str:
    grade, *others = grades
    if not others:
        return f'"{grade.grade}"'
    return f'IF({index}>={float(grade.lowest)},"{grade.grade}",{_graded(others, index)})'


def _at(row: int, column: int) -> str:
    """As `Table.live` names a cell."""
    return f"{{{row},{column}}}"
