"""The table of `tests.bench.finding` is one of searches that find."""

import pytest

from tests.bench import finding
from tests.support.typed_names import meant


def test_both_ways_are_tried_with_the_same_words(
    sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    finding.show(sqlite_url, 1_000)
    _, naive, ours, near, regions, read = capsys.readouterr().out.strip().split("\n")
    shown, asked = ours.split()[-2].split("/")
    assert int(asked) == len(meant()) == int(naive.split()[-2].split("/")[1])
    assert int(shown) >= 105
    assert "location" in near
    assert "regions" in regions
    assert read.endswith("ms")
