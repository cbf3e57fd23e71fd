"""The IPP as tables for people at a terminal."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from rich.box import SIMPLE_HEAD
from rich.table import Table

from bot.commands.figures.index_table import console, decimal
from flows.operator_words import tr
from reports.ipp.evaluating import Evaluated
from reports.ipp.index import F02, Institution
from reports.ipp.rules import Grade, rules

NAMED = 20  # units named of those that have neither


def show(
    year: int, found: Sequence[Evaluated], ranking: Sequence[Institution], notes: Iterable[str]
) -> None:
    """Print to stdout; plain text where it is no terminal. One unit: its aspects too."""
    paper = console()
    paper.print(tr("IPP, public service index · {0}", year), style="bold", markup=False)
    paper.print(rules().rule, markup=False)
    if any(each.f02 or each.n for each in found):
        paper.print(_units(found))
    if len(found) == 1 and found[0].f02:
        paper.print(_aspects(found[0].f02))
    if ranking:
        paper.print(_ranking(ranking))
    for line in (*_missing(found), *notes):
        paper.print(line, markup=False)


def grade_of(grade: Grade | None) -> str:
    if grade is None:
        return "–"
    return f"{grade.grade} ({grade.label})" if grade.label else grade.grade


def _units(found: Sequence[Evaluated]) -> Table:
    table = _table(tr("Unit"), "F-02", "F-03", tr("Users"), "IPP", tr("Grade"))
    for each in found:
        if each.f02 or each.n:
            index = each.f02.index if each.f02 else None
            figures = (_number(index), _number(each.f03), str(each.n), _number(each.ipp))
            table.add_row(each.unit.code, *figures, grade_of(each.grade))
    return table


def _aspects(f02: F02) -> Table:
    table = _table(tr("Aspect of F-02"), tr("Weight"), tr("Score"))
    for aspect in rules().aspects:
        weight = f"{decimal(aspect.weight * 100, 0)} %"
        table.add_row(f"{aspect.numeral}. {aspect.name}", weight, _number(f02.aspects[aspect.key]))
    return table


def _ranking(ranking: Sequence[Institution]) -> Table:
    table = _table(tr("Institution"), tr("Rank"), tr("Units"), "IPP", tr("Grade"))
    for each in ranking:
        rank = str(each.rank or "–")
        table.add_row(each.name, rank, str(each.units), _number(each.ipp), grade_of(each.grade))
    return table


def _missing(found: Sequence[Evaluated]) -> list[str]:
    wanting = [each.unit.code for each in found if each.ipp is None]
    if not wanting:
        return []
    more = f" … (+{len(wanting) - NAMED})" if len(wanting) > NAMED else ""
    names = ", ".join(wanting[:NAMED])
    return [tr("Not evaluated yet (F-02 + F-03): {0}", names + more)]


def _table(first: str, *others: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _number(value: Fraction | None) -> str:
    return "–" if value is None else decimal(value)
