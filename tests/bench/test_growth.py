"""The picture of growth is made of two small nations, and is a picture."""

from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from tests.bench.growth import NAMES, SPACED, picture, show


def test_two_sizes_are_measured_and_drawn(tmp_path: Path) -> None:
    show(tmp_path / "growth.svg", (60, 240), offices=6)
    svg = ElementTree.parse(tmp_path / "growth.svg")
    said = [each.text for each in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert {"60", "240", *NAMES} <= set(said)


def test_no_name_stands_on_another_where_lines_meet() -> None:
    svg = ElementTree.fromstring(picture((10, 100), [(5.0, 5.0, 5.0)] * 2))
    texts = svg.iter("{http://www.w3.org/2000/svg}text")
    at = sorted(float(each.attrib["y"]) for each in texts if each.text in NAMES)
    assert all(below - above >= SPACED - 1 for above, below in pairwise(at))
