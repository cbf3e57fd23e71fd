"""A table of answers (.csv or .xlsx) as rows to tally; `storage.response_file` says what it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reports.tally import Row
from storage import response_file
from storage.response_file import Asked, Order

VALUES = range(1, 5)


def read(path: Path, elements: Sequence[str], order: Order = "questionnaire") -> list[Row]:
    """The rows of a file; `elements`: the keys in questionnaire order. Raises AnswersRefused,
    SpreadsheetUnread."""
    lines = response_file.read(path, Asked(elements, VALUES, order))
    return [Row(line.answers) for line in lines]
