"""`skm innovations`: the register of innovations, each with its element before and after."""

import time
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table
from sqlalchemy import Connection

from bot.commands.figures.index_table import console, decimal
from bot.commands.open_database import opened, reading
from bot.commands.output import print_json
from bot.commands.refusal import Refused
from bot.commands.scope import level_of
from bot.settings import load
from flows.engine.form import Line
from flows.formats import day_line, number
from flows.loader import element_line, words
from flows.operator_words import spoken, tr
from reports.statistics.index import rounded
from reports.stored.before_after import BeforeAfter, Side, before_after
from storage import units
from storage.office import innovations
from storage.office.innovations import Innovation, Registered

HEADER = ("Agency · unit", "Innovation", "Since", "Before", "After")

Found = tuple[Registered, BeforeAfter]


def register(agency: str | None, as_data: bool) -> None:
    """Raises Refused where there is no such agency, or nothing in its register."""
    with opened(load()) as engine, reading(engine) as connection:
        name = level_of(connection, "agency", agency)[0] if agency else None
        kept = innovations.registered(connection, name)
        found = [(each, _figures(connection, each)) for each in kept]
    if as_data:
        print_json([_json(each) for each in found])
    elif found:
        _show(found)
    else:
        raise Refused(
            tr("There is no innovation in the register; heads and admins note: /inovasi.")
        )


def _figures(connection: Connection, each: Registered) -> BeforeAfter:
    new = each.innovation.novelty
    unit = units.by_id(connection, each.innovation.unit_id)
    today = unit.day_at(time.time())
    return before_after(connection, unit, new.element, new.started_on, today)


def _json(found: Found) -> dict[str, Any]:
    each, figures = found
    new = each.innovation.novelty
    return {
        "agency": each.agency,
        "unit": each.code,
        "element": new.element,
        "name": new.name,
        "what": new.what,
        "started_on": new.started_on.isoformat(),
        "first_started_on": each.innovation.first_started_on.isoformat(),
        "proof": new.proof or None,
        "proof_file": new.file.kind if new.file else None,
        "before": _side(figures.before),
        "after": _side(figures.after),
        "real": figures.change.real,
    }


def _side(side: Side | None) -> dict[str, Any] | None:
    if side is None:
        return None
    ci95 = [round(end, 4) for end in side.ci95] if side.ci95 else None
    return {"mean": float(rounded(side.estimate.value, 4)), "ci95": ci95, "n": side.estimate.n}


def _show(found: list[Found]) -> None:
    paper = console()
    table = Table(*map(tr, HEADER), box=SIMPLE_HEAD)
    for each, figures in found:
        new = each.innovation.novelty
        cells = (
            f"{each.agency} · {each.unit}",
            f"{new.name} ({words(spoken()).line(element_line(new.element, new.started_on))})",
            _since(each.innovation),
            _mean(figures.before),
            _mean(figures.after) + (" " + tr("real") if figures.change.real else ""),
        )
        table.add_row(*(cell.replace("[", r"\[") for cell in cells))
    paper.print(table)
    paper.print(tr("A change, also a real one, need not come of the innovation."))
    paper.print(words(spoken()).line(Line("digest.interval")), markup=False)


def _since(kept: Innovation) -> str:
    """With the day that was noted first, where it was changed."""
    since, first = kept.novelty.started_on, kept.first_started_on
    said = words(spoken()).line
    if first == since:
        return said(day_line(since))
    return tr("{0} (first {1})", said(day_line(since)), said(day_line(first)))


def _mean(side: Side | None) -> str:
    if side is None:
        return "–"
    low, high = (number(f"{end:.2f}", words(spoken())) for end in side.ci95 or (0.0, 0.0))
    mean = decimal(side.estimate.value)
    return f"{mean} ({low}–{high})" if side.ci95 else mean
