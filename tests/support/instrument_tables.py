"""Instruments, and their tables of answers."""

from pathlib import Path

import pytest

from flows.instrument import Instrument
from flows.loader import instrument, instrument_ids
from tests.support.command_line import clean_desk

ALL = [instrument(name) for name in instrument_ids()]


@pytest.fixture(autouse=True)
def _a_clean_desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clean_desk(monkeypatch, tmp_path)


def table(asked: Instrument, n: int, sums: list[int]) -> str:
    """A file of n responses whose answers to the items add up to the sums."""
    lines = [",".join(asked.keys)]
    lines += [",".join(str(s // n + (row < s % n)) for s in sums) for row in range(n)]
    Path("table.csv").write_text("\n".join(lines))
    return "table.csv"
