"""docs/channels.md says which dialogue is had on which channel, and each channel is in it."""

import os

from bot.channels.registry import CHANNELS
from tests.support.conformance import COLUMNS, page
from tests.support.paths import ROOT

PAGE = ROOT / "docs" / "channels.md"


def test_the_table_is_as_the_suite_makes_it():
    if os.environ.get("SKM_REGENERATE"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_channel_has_the_dialogues():
    assert {column.name for column in COLUMNS} == set(CHANNELS)
    assert all((ROOT / column.by).exists() for column in COLUMNS)


def test_every_fault_is_shown_on_every_channel_that_has_a_wire():
    assert [column.name for column in COLUMNS if not column.faults] == ["terminal"]
    for column in COLUMNS:
        for each in column.faults:
            file, _, test = each.partition("::")
            assert f"def {test}(" in (ROOT / "tests/bot" / file).read_text("utf-8"), each
