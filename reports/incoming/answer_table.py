"""A table of answers (.csv or .xlsx) as rows to tally; `storage.files.response_file` reads it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flows.instrument import Instrument
from reports.statistics.tally import Row
from storage.files import instrument_columns, response_file
from storage.files.response_file import Asked, Order

VALUES = range(1, 5)


def read(
    path: Path, items: Sequence[str], order: Order = "questionnaire", values: range = VALUES
) -> list[Row]:
    """The rows of a file; `items`: the keys in questionnaire order, `values`: what an answer may
    be. Raises AnswersRefused, SpreadsheetUnread."""
    return _rows(path, Asked(items, values, order))


def read_by(path: Path, by: Instrument, order: Order = "questionnaire") -> list[Row]:
    """… of an instrument: its questions and answers may be in words. Raises as `read` does."""
    said, like = instrument_columns.answers(by.id), instrument_columns.like(by.id)
    named = instrument_columns.names(by.id)
    return _rows(path, Asked(by.keys, by.values, order, said=said, named=named, like=like))


def _rows(path: Path, asked: Asked) -> list[Row]:
    return [Row(line.answers) for line in response_file.read(path, asked)]
