"""The house is kept: short files, plain names, a pure conversation, a quick command line."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT

PACKAGES = ("bot", "reports", "storage", "flows")
VERSIONS = ROOT / "storage/migrations/versions"
FILES = sorted(
    path
    for folder in (*PACKAGES, "tests")
    for path in (ROOT / folder).rglob("*.py")
    if VERSIONS not in path.parents
)
MEANINGLESS = {"utils", "util", "helpers", "helper", "manager", "service", "base", "common", "misc"}
# The clock, chance, the outside world and concurrency come into flows as arguments, or not at all.
IMPURE = {"asyncio", "logging", "random", "secrets", "socket", "sqlite3", "subprocess"} | {
    "threading",
    "time",
    "urllib",
    "uuid",
}
PLATFORM_LIBRARIES = {"aiogram", "telegram", "pywa", "pywa_async"}
ADAPTERS = {
    "bot/channels/telegram/aiogram_wire.py: aiogram",
    "bot/channels/telegram/ptb_wire.py: telegram",
    "bot/channels/whatsapp/wire.py: pywa_async",
}
SLOW = {"aiogram", "telegram", "sqlmodel", "sqlalchemy", "starlette", "scipy", "typst", "segno"}


LONG = {
    "reports/transparency/verify_skm.py",  # one file by itself, which anybody may take away
    "tests/support/peoples_tables.py",  # a table, written as Python
}


def test_a_file_holds_one_idea_in_at_most_400_lines():
    lengths = {
        name: len(path.read_text().splitlines())
        for path in FILES
        if (name := str(path.relative_to(ROOT))) not in LONG
    }
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_every_module_is_named_for_what_it_holds():
    assert [str(path) for path in FILES if path.stem in MEANINGLESS] == []


def test_no_test_file_imports_another():
    """What tests share is in tests/support."""
    found = {
        f"{path.name}: {name}"
        for path in (ROOT / "tests").rglob("*.py")
        for name in imported(path)
        if name.split(".")[-1].startswith("test_") and name.startswith("tests.")
    }
    assert found == set()


def test_the_conversation_has_no_clock_no_chance_and_no_outside():
    found = {
        f"{path.name}: {name}"
        for path in (ROOT / "flows").rglob("*.py")
        for name in (*imported(path), *clock_calls(path))
        if name.split(".")[0] in IMPURE or name in {"now()", "utcnow()", "today()"}
    }
    assert found == set()


def test_the_conversation_runs_on_the_standard_library_and_msgspec_alone():
    """docs/decisions/0038-a-conversation-is-a-struct.md"""
    mine = {"flows", "msgspec", *sys.stdlib_module_names}
    found = {
        f"{path.name}: {name}"
        for path in (ROOT / "flows").rglob("*.py")
        for name in imported(path)
        if name.split(".")[0] not in mine
    }
    assert found == set()


def test_only_the_adapter_of_a_platform_imports_its_library():
    found = {
        f"{path.relative_to(ROOT).as_posix()}: {library}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        for name in imported(path)
        if (library := name.split(".")[0]) in PLATFORM_LIBRARIES
    }
    assert found == ADAPTERS


def test_no_imports_go_in_a_circle():
    """Counted with those inside functions and those for the types alone: who needs whom is the
    same, whenever it is loaded."""
    names = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in FILES
        if ROOT / "tests" not in path.parents
    }
    needed = {name: set(needs(path)) & names.keys() - {name} for name, path in names.items()}
    assert len(needed) > 300
    assert len(needed["bot.cli"]) > 10
    left: set[str] = set()
    while left != needed.keys():  # whoever needs none of the rest, or is needed by none, is in none
        left, met = set(needed), set().union(*needed.values())
        needed = {name: found for name in met & left if (found := needed[name] & left)}
    assert left == set()


@pytest.mark.parametrize(("chosen", "other"), [("aiogram", "telegram"), ("ptb", "aiogram")])
def test_the_library_that_was_not_chosen_is_not_imported(chosen, other):
    code = "import sys, bot.run; from bot.channels.telegram.platform import open_wire; "
    code += f"open_wire({chosen!r}, '7:A', 'http://x'); "
    code += f"print({other!r} in sys.modules)\n"
    if chosen == "aiogram":  # nor does it build its 300 models, which takes seconds
        code += "assert not sys.modules['aiogram.types'].Update.__pydantic_complete__"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout, done.stderr) == ("False\n", "")


def test_reading_the_settings_brings_in_nothing_slow():
    """Every command does. They once brought in all dialogues, which took more than a second."""
    code = "import sys, bot.settings; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert loaded & {*SLOW, "storage", "reports", "bot.dialogues"} == set()


def test_what_only_papers_and_pictures_need_comes_with_the_first_of_them():
    """17 MB in a process that runs for months."""
    code = "import sys, bot.run; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    late = {"typst", "pypdfium2", "PIL", "scipy", "xlsxwriter", "docx", "rich", "pygments"}
    assert late & set(done.stdout.split()) == set()


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports, also inside functions; those of its own package as '.x'."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def needs(path: Path) -> Iterator[str]:
    """The modules that may be meant by a file's imports: of `from x import y` both x and x.y. (No
    file of the product has a relative one.)"""
    yield from imported(path)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def clock_calls(path: Path) -> Iterator[str]:
    """Calls of a method named for the present: datetime.now(…), date.today()."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield f"{node.func.attr}()"
