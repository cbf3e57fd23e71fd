"""What the console needs of starlette-admin beyond its public names. Run it before the version in
pyproject.toml is raised: what fails here is what has to be looked at."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from bot.web.console.pages import PAGES
from bot.web.console.templates import _HANDLERS
from tests.support.paths import ROOT

LIBRARY = Path(str(files("starlette_admin")))
THEIRS = LIBRARY / "templates"
OURS = {name: page for name, page in PAGES.mapping.items() if not name.startswith("console/")}
# Replaced, as nothing public lets its cookie be sealed: tests/bot/test_console_guard.py fails where
# they go.
PRIVATE = {"_init_flash", "_cookie"}
USED = ("row-actions.html", "fields/form/input.html")


def test_no_other_private_name_of_it_is_used_or_taken():
    theirs = names(LIBRARY, r"(?:self\.|def )(_[a-z]\w*)")
    assert "_template_response" in theirs
    assert names(ROOT / "bot/web/console", r"(?:\.|def )(_[a-z]\w*)") & theirs == PRIVATE


def names(folder: Path, pattern: str) -> set[str]:
    return {name for path in folder.glob("*.py") for name in re.findall(pattern, path.read_text())}


@pytest.mark.parametrize("name", OURS)
def test_a_page_that_is_replaced_or_extended_is_there(name: str):
    theirs = (THEIRS / name).read_text()
    if "@core/" in OURS[name]:
        blocks = set(re.findall(r"{% block (\w+)", OURS[name]))
        assert blocks - set(re.findall(r"{%-? ?block (\w+)", theirs + based_on(theirs))) == set()


def based_on(page: str) -> str:
    """What the pages say that it extends."""
    found = re.search(r'extends "([^"]+)"', page)
    if found is None:
        return ""
    parent = (THEIRS / found[1]).read_text()
    return parent + based_on(parent)


@pytest.mark.parametrize("name", USED)
def test_a_part_that_a_page_of_ours_includes_is_there(name: str):
    assert (THEIRS / name).is_file()


def test_the_handlers_that_are_taken_out_are_the_ones_that_stand_there():
    pages = "".join(path.read_text() for path in THEIRS.rglob("*.html"))
    assert [handler for handler in _HANDLERS if handler not in pages] == []
