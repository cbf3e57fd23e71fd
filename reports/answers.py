"""A table of answers (.csv or .xlsx) as rows to tally; `storage.response_file` says what it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reports.tally import Row
from storage import response_file
from storage.response_file import Asked, Order

VALUES = range(1, 5)


def read(
    path: Path, items: Sequence[str], order: Order = "questionnaire", values: range = VALUES
) -> list[Row]:
    """The rows of a file; `items`: the keys in questionnaire order, `values`: what an answer may
    be. Raises AnswersRefused, SpreadsheetUnread."""
    lines = response_file.read(path, Asked(items, values, order))
    return [Row(line.answers) for line in lines]
