"""docs/channels.md says which dialogue is had on which channel, and each channel is in it."""

from bot.channels.registry import CHANNELS
from tests.support.conformance import COLUMNS, FAULTS, page
from tests.support.paths import ROOT
from tests.support.shown_files import ON_PURPOSE, stood_in

PAGE = ROOT / "docs" / "channels.md"


def test_the_table_is_as_the_suite_makes_it():
    assert stood_in(PAGE, page()) == page(), ON_PURPOSE


def test_every_channel_has_the_dialogues():
    without = sorted(set(CHANNELS) - {column.name for column in COLUMNS})
    assert not without, f"no Column in tests/support/conformance.py for the channel {without}"
    for column in COLUMNS:
        assert column.name in CHANNELS, f"{column.name}: no line in bot/channels/registry.py"
        assert (ROOT / column.by).exists(), f"{column.name}: {column.by} is not there"


def test_every_fault_is_shown_on_every_channel_that_has_a_wire():
    owners: dict[str, str] = {}
    for column in COLUMNS:
        wanted = 0 if column.name == "terminal" else len(FAULTS)
        assert len(column.faults) == wanted, f"{column.name}: name a test for each of {FAULTS}"
        for each in column.faults:
            file, _, test = each.partition("::")
            assert f"def {test}(" in (ROOT / "tests/bot" / file).read_text("utf-8"), each
            owner = owners.setdefault(each, column.name)
            assert owner == column.name, f"{column.name}: {each} shows {owner}, not this channel"
