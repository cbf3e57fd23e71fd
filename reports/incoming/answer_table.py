"""A table of answers (.csv or .xlsx) as rows to tally; `storage.files.response_file` reads it."""

from pathlib import Path

from flows.instrument import Instrument
from reports.statistics.tally import Row
from storage.files import instrument_columns, response_file
from storage.files.response_file import Asked, Order


def read(path: Path, by: Instrument, order: Order = "questionnaire") -> list[Row]:
    """The rows of a file; its questions and answers may be in words. Raises AnswersRefused,
    SpreadsheetUnread."""
    said, like = instrument_columns.answers(by.id), instrument_columns.like(by.id)
    named = instrument_columns.names(by.id)
    asked = Asked(by.keys, by.values, order, said=said, named=named, like=like)
    return [Row(line.answers) for line in response_file.read(path, asked)]
