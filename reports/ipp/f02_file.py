"""An evaluator's F-02 file: one unit's scores, taken whole or refused with every bad cell named.

Columns `indicator` (its number, a code may follow: “6” or “6.a.B”), `aspect` (key, official name or
Roman numeral), `score` (0..5), optional `weight` (percent of the aspect); Indonesian names of the
columns are read too, other columns are ignored.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from flows.engine.form import Line
from reports.ipp.index import Score
from reports.ipp.rules import Rules
from storage.files import spreadsheet
from storage.files.found_table import FoundTable, Row, Wanted, find, names_of
from storage.files.refused import Faults, shown

COLUMNS = ("indicator", "aspect", "score", "weight")
OPTIONAL = "weight"
ROUNDED = Fraction("0.1")  # percent that weights such as 33.33 may lack


class F02File(NamedTuple):
    """`left_out`: what is to be said of rows that are no scores."""

    scores: list[Score]
    left_out: tuple[Line, ...]


def read(path: Path, rules: Rules, sheet: str | None = None) -> F02File:
    """The scores of a .csv or .xlsx file. Raises FileRefused, storage's SpreadsheetUnread."""
    found = find(spreadsheet.read(path, sheet), Wanted(names_of("f02")))
    _check_header(found)
    cells = _cells(rules)
    faults = Faults()
    rows = {row.number: _row(row, found, cells, faults) for row in found.rows if any(row.cells)}
    if not faults:
        faults += [*_twice(rows), *_incomplete(list(rows.values()), rules)]
    faults.check()
    scores = [
        Score(row["aspect"], row["indicator"], row["score"], row["weight"]) for row in rows.values()
    ]
    return F02File(scores, found.left_out)


def _check_header(found: FoundTable) -> None:
    missing = [name for name in COLUMNS if name not in found.columns and name != OPTIONAL]
    faults = Faults()
    if found.twice:
        twice = ", ".join(found.twice)
        faults.add(f"The header names {twice} more than once; keep one column each.")
    if missing:
        faults.add(f"The header (row 1) has no column {', '.join(missing)}; add it.")
    faults.check()


def _row(
    row: Row, found: FoundTable, cells: Mapping[str, Callable[[str], Any]], faults: Faults
) -> dict[str, Any]:
    if not row.fits:
        faults.add(f"Row {row.number} has {len(row.cells)} cells, the header {len(found.header)}.")
        return {}
    read: dict[str, Any] = {OPTIONAL: None}
    for name in found.columns:
        try:
            read[name] = cells[name](found.cell(row, name)[0])
        except ValueError as fault:
            faults.add(f"Row {row.number}, column {name}: {fault}")
    return read


def _cells(rules: Rules) -> Mapping[str, Callable[[str], Any]]:
    aspects: dict[str, str] = {}
    for aspect in rules.aspects:
        names = (aspect.key, aspect.name, aspect.numeral, f"{aspect.numeral}. {aspect.name}")
        aspects |= {name.casefold(): aspect.key for name in names}
    scores = [str(score) for score in range(rules.highest + 1)]

    def aspect_of(text: str) -> str:
        found = aspects.get(" ".join(text.split()).casefold())
        if found is None:
            known = ", ".join(aspect.name for aspect in rules.aspects)
            raise ValueError(f"{_said(text)}; write {known}, or I to {rules.aspects[-1].numeral}.")
        return found

    def score_of(text: str) -> int:
        if text not in scores:
            raise ValueError(f"{_said(text)}; write {', '.join(scores[:-1])} or {scores[-1]}.")
        return int(text)

    return {
        "indicator": _indicator,
        "aspect": aspect_of,
        "score": score_of,
        "weight": _weight,
    }


def _indicator(text: str) -> int:
    match = re.fullmatch(r"0*([1-9][0-9]?)([^0-9].*)?", text)
    if match is None:
        raise ValueError(f"{_said(text)}; begin with the indicator's number, such as 6 or 6.a.B.")
    return int(match[1])


def _weight(text: str) -> Fraction | None:
    """A part of the aspect in percent; a workbook keeps 17 % as 0.17, told by the sum."""
    if not text:
        return None
    match = re.fullmatch(r"([0-9]{1,3}([.,][0-9]+)?) ?%?", text)
    if match is None:
        raise ValueError(f"{_said(text)}; write percent of the aspect such as 17 or 17,5, or none.")
    # A formula such as 0.35 / 5 leaves 0.06999999999999999.
    return round(Fraction(match[1].replace(",", ".")), 6)


def _twice(rows: Mapping[int, Mapping[str, Any]]) -> list[str]:
    first: dict[tuple[str, int], int] = {}
    return [
        f"Row {number}, column indicator: {row['indicator']} of this aspect is in row {first[key]} "
        "already; keep one of them."
        for number, row in rows.items()
        for key in [(row["aspect"], row["indicator"])]
        if first.setdefault(key, number) != number
    ]


def _incomplete(rows: Sequence[Mapping[str, Any]], rules: Rules) -> list[str]:
    faults = []
    for aspect in rules.aspects:
        mine = [row for row in rows if row["aspect"] == aspect.key]
        if not mine:
            faults.append(
                f"No indicator of {aspect.numeral}. {aspect.name} is scored; add its rows."
            )
        faults += _bad_weights(aspect.name, [row["weight"] for row in mine])
    if len(rows) != rules.indicators:
        faults.append(
            f"The file scores {len(rows)} indicators, F-02 has {rules.indicators} ({rules.rule}); "
            "score each of them once."
        )
    return faults


def _bad_weights(aspect: str, weights: Sequence[Fraction | None]) -> list[str]:
    named = [weight for weight in weights if weight is not None]
    if named and len(named) < len(weights):
        return [f"{aspect}: some indicators have a weight and some have none; fill in all or none."]
    total = sum(named, Fraction(0))
    if named and min(abs(total - 100), abs(100 * total - 100)) > ROUNDED:
        return [f"{aspect}: the weights add up to {float(total):g}, not to 100; correct them."]
    return []


def _said(text: str) -> str:
    return f"“{shown(text)}” cannot be taken" if text else "it is empty"
