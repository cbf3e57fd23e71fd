"""The table of `tests.bench.site` is one of a site that is whole."""

import re
from pathlib import Path

import pytest

from tests.bench import site


def test_what_changes_little_is_written_little(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.show(tmp_path, 6, seconds=1)
    lines = capsys.readouterr().out.strip().split("\n")
    files = [int(line.split()[-1].replace(",", "")) for line in lines[2:6]]
    assert files[0] > 400
    assert files[1] == 0
    assert 0 < files[2] < files[0] / 2
    assert all(re.search(r"a second +[\d,]+$", line) for line in lines[6:8])
    assert re.search(r"not measured|a second +[\d,]+$", lines[8])
