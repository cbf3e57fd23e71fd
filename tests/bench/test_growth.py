"""The picture of growth is made of two small nations, and is a picture."""

from pathlib import Path
from xml.etree import ElementTree

from tests.bench.growth import NAMES, show


def test_two_sizes_are_measured_and_drawn(tmp_path: Path) -> None:
    show(tmp_path / "growth.svg", (60, 240), offices=6)
    svg = ElementTree.parse(tmp_path / "growth.svg")
    said = [each.text for each in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert {"60", "240", *NAMES} <= set(said)
