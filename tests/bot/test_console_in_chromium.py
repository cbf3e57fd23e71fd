"""The console in a real browser, on a phone and on a desk, with names of every kind.

Skipped where Chromium is not installed, as tests/bot/test_web_in_chromium.py.
"""

import re
from pathlib import Path

import pytest

from tests.support.chromium import FOUND
from tests.support.console_in_chromium import console

pytestmark = pytest.mark.skipif(FOUND is None, reason="Chromium is not installed")

PAGES = ("", "coverage", "do", "figures/list", "follow_ups/list", "log/list")
NAMES = (
    "RSUD Embung Fatimah Kota Batam",
    "Kantor" + "x" * 120 + "<b>&amp;" + " panjang" * 9,
    "مكتب الخدمة RSUD 🏥 <script>alert(1)</script>",
    "Samsat",
)
# What is wider than its place: a page, or a part of it that would have to be pushed aside.
WIDE = """[...document.querySelectorAll("html, .table-responsive, td, th, li, .card-body")]
  .filter(each => !each.closest("thead") && each.clientWidth)
  .filter(each => each.scrollWidth > each.clientWidth + 1)
  .map(each => each.tagName + "." + each.className + " " + each.scrollWidth)"""
FORM = "document.querySelector('[name=command][value=\"/tindaklanjut\"]').click()"


@pytest.mark.parametrize("width", [390, 1366])
def test_every_page_has_room_for_what_it_says(sqlite_url: str, tmp_path: Path, width: int):
    with console(sqlite_url, tmp_path, *NAMES) as (tab, at):
        tab.look(width, 900)
        for page in PAGES:
            tab.open(at + page)
            assert (page, tab.do(WIDE)) == (page, [])
        tab.open(f"{at}do")
        tab.events.clear()
        tab.do(FORM)
        tab.until("Page.loadEventFired")
        assert tab.do(WIDE) == []
        assert NAMES[2] in tab.do("document.body.innerText")


def test_it_is_as_dark_as_its_person_wants(sqlite_url: str, tmp_path: Path):
    with console(sqlite_url, tmp_path, *NAMES) as (tab, at):
        for dark in (True, False):
            tab.look(1366, 900, dark=dark)
            tab.open(at)
            paper = tab.do("getComputedStyle(document.body).backgroundColor")
            assert (max(map(int, re.findall(r"\d+", paper)[:3])) < 80) is dark, paper
