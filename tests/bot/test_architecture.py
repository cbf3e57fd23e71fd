"""The pages for the next engineer lead to files that are there, the recipes to all that must be
touched."""

import re

import pytest

from bot.channels.registry import CHANNELS
from bot.dialogues import DIALOGUES
from flows.survey.kinds import KINDS
from tests.support.paths import ROOT

PAGE = (ROOT / "docs/architecture.md").read_text()
PATHS = re.compile(
    r"\b(?:bot|flows|storage|reports|tests|docs)/[\w/.-]+\.(?:py|md|toml|po|txt|typ)\b"
)
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
NAMED = sorted({(page.name, path) for page in PAGES for path in PATHS.findall(page.read_text())})


def test_the_page_names_files():
    assert len(set(PATHS.findall(PAGE))) > 40


@pytest.mark.parametrize(("page", "path"), NAMED)
def test_each_file_that_is_named_is_there(page: str, path: str):
    """Capitals stand for any name: one like it is there already."""
    pattern = re.sub(r"[A-Z]{3,}", "*", path)
    assert list(ROOT.glob(pattern)), f"{page} names {path}, which is not there"


def recipe(title: str) -> str:
    return PAGE.split(f"### {title}\n", 1)[1].split("\n### ", 1)[0]


def listed(folder: str, pattern: str) -> set[str]:
    """The files of the product, outside a folder, in which a name stands as a word of code."""
    files = (path for top in ("bot", "flows", "storage", "reports") for path in _python(top))
    return {
        str(path.relative_to(ROOT))
        for path in files
        if not str(path.relative_to(ROOT)).startswith(folder)
        and re.search(pattern, path.read_text())
    }


def _python(top: str):
    return (ROOT / top).rglob("*.py")


def test_beside_its_folder_a_channel_is_named_in_the_registry_alone():
    assert "terminal" in CHANNELS
    named = listed("bot/channels/terminal/", r"channels\.terminal")
    assert named <= {"bot/channels/registry.py", "bot/commands/demo.py"}  # the demo is a terminal
    assert "`bot/channels/registry.py`" in recipe("Add a channel")


def test_beside_its_file_a_kind_of_question_is_named_in_the_list_alone():
    assert "date" in KINDS
    assert listed("flows/survey/kinds/date.py", r"survey\.kinds\.date\b") == {
        "flows/survey/kinds/__init__.py"
    }
    assert "`flows/survey/kinds/__init__.py`" in recipe("Add a kind of question")


def test_a_column_of_units_is_named_where_its_recipe_says():
    named = listed("storage/migrations/", r"\bopening_hours\b")
    named -= {name for name in named if "radar" in name}  # it reads the hours
    said = recipe("Add a column of the table of units")
    assert [name for name in sorted(named) if f"`{name}`" not in said] == []
    assert "storage/files/unit_file.py" in named


def test_beside_its_file_a_command_is_named_in_the_list_of_dialogues_alone():
    assert "/poster" in DIALOGUES.commands
    assert listed("bot/office/units/poster.py", r"bot\.office\.poster\b|\bposter\.DIALOGUE") == {
        "bot/dialogues.py"
    }
    for named in ("`flows/commands.py`", "`bot/dialogues.py`", "`flows/words/id.po`"):
        assert named in recipe("Add a command")
