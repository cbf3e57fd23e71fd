"""`skm index --answers FILE`: the index of a table, with no library of a database."""

from fractions import Fraction
from pathlib import Path
from typing import Any

from bot.commands.figures.index_table import show
from bot.commands.output import print_json
from bot.commands.refusal import Refused
from flows.instrument import Instrument
from flows.loader import SKM
from flows.operator_words import tr
from reports.incoming import answer_table
from reports.statistics.figures import Figures, figures
from reports.statistics.index import Method, as_json, rounded
from storage.files.response_file import Order


def of_answers(file: Path, asked: Instrument, weights: Method, order: Order, as_data: bool) -> None:
    """Print the index of a table of answers. Raises AnswersRefused, SpreadsheetUnread, Refused."""
    from reports.statistics.counting import tally_of_rows  # `skm index` alone counts no answers

    if order == "list" and asked.survey != SKM:
        raise Refused(tr("{0} has no other order than its own; leave --order out.", asked.id))
    tally = tally_of_rows(asked.keys, answer_table.read(file, asked, order), asked.lowest)
    try:
        found = figures(tally, method=weights, by=asked)
    except ValueError as fault:  # a printed weight where an element was never answered
        raise Refused(str(fault).replace('the method "exact"', "--weights exact")) from None
    if as_data:
        print_json(data(found))
    else:
        show(file.name, found, asked)


def data(found: Figures) -> dict[str, Any]:
    items = {
        item: None if r is None else float(rounded(Fraction(r), 4))
        for item, r in found.item_total.items()
    }
    return {**as_json(found.index, found.ci95, found.sample, found.alpha), "item_total": items}
