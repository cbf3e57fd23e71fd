"""A table of answers (.csv or .xlsx) as rows to tally; `storage.files.response_file` reads it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reports.statistics.tally import Row
from storage.files import response_file
from storage.files.response_file import Asked, Order

VALUES = range(1, 5)


def read(
    path: Path, items: Sequence[str], order: Order = "questionnaire", values: range = VALUES
) -> list[Row]:
    """The rows of a file; `items`: the keys in questionnaire order, `values`: what an answer may
    be. Raises AnswersRefused, SpreadsheetUnread."""
    lines = response_file.read(path, Asked(items, values, order))
    return [Row(line.answers) for line in lines]
