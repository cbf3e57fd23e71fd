"""What is said at the command line in Indonesian and English: sentences, help, faults of a line."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.commands.spoken_help import word
from bot.settings import parts
from flows.operator_words import indonesian, speaking
from tests.support.command_line import COMMAND, clean_desk, skm
from tests.support.paths import ROOT


@pytest.fixture(autouse=True)
def _a_clean_desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clean_desk(monkeypatch, tmp_path)


def test_what_is_said_at_the_command_line_has_its_indonesian() -> None:
    """Each sentence that code hands to `tr`, with the same values in both; and no other."""
    there, used, missing = indonesian(), set[str](), dict[str, str]()
    for package in ("flows", "bot", "reports", "storage"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    used.add(node.value)
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tr":
                    given = node.args[0]
                    if isinstance(given, ast.Constant) and given.value not in there:
                        missing[given.value] = f"{path.relative_to(ROOT)}:{node.lineno}"
    with speaking("en"):
        word(COMMAND)
    helped = set(help_of(COMMAND))
    must_be = {
        str(field.description): f"{part.__name__}.{name}, what it must be"
        for part in parts()
        for name, field in part.model_fields.items()
    }
    used |= must_be.keys()
    spoken = must_be | dict.fromkeys(helped, "the help")
    missing |= {text: of for text, of in spoken.items() if re.search("[a-z]{4}", text)}
    missing = {text: of for text, of in missing.items() if text not in there}
    assert not missing, f"no Indonesian in flows/operator.po: {missing}"
    framing = {"Options", "Commands", "Arguments", "Show this message and exit."}  # Typer's own
    unused = there.keys() - used - helped - framing
    assert not unused, f"flows/operator.po says what no code says any more: {unused}"
    for english, said in there.items():
        assert sorted(re.findall(r"{\d", english)) == sorted(re.findall(r"{\d", said))


def help_of(command: Any) -> Iterator[str]:
    for part in (command, *command.params):
        yield from filter(None, (getattr(part, "help", None), getattr(part, "epilog", None)))
    for each in getattr(command, "commands", {}).values():
        yield from help_of(each)


@pytest.mark.parametrize(
    ("words", "english", "indonesian"),
    [
        ("link", "'UNIT' is missing.", "'UNIT' belum ada."),
        ("digest X", "'--out' is missing.", "'--out' belum ada."),
        ("ran", "There is no command 'ran'. Do you mean 'rank', 'run', 'man'?", None),
        ("foo", "There is no command 'foo'.", "Tidak ada perintah 'foo'."),
        ("index --ikm", "There is no option --ikm.", "Tidak ada pilihan --ikm."),
        ("digest X --out", "'--out' wants a value.", "'--out' perlu sebuah nilai."),
        ("run a b", "Too much was given: a b.", "Terlalu banyak yang diberikan: a b."),
        ("link X --once a", "'--once': it must be a whole number.", None),
        (
            "link X --once 5000",
            "'--once': it must be 1000 or less.",
            "'--once': paling banyak 1000.",
        ),
        (
            "index --order x",
            "'--order': 'x' is none of 'questionnaire', 'list'.",
            "'--order': 'x' bukan salah satu dari 'questionnaire', 'list'.",
        ),
    ],
)
def test_a_line_that_is_not_understood_is_said_in_our_words(
    monkeypatch: pytest.MonkeyPatch, words: str, english: str, indonesian: str | None
) -> None:
    """What Typer and pydantic say of it showed, and always in English."""
    for language, error, said in (("en", "Error", english), ("id", "Salah", indonesian)):
        monkeypatch.setenv("SKM_LANG", language)
        done = skm(*words.split())
        assert done.exit_code == 2
        if said is not None:
            assert done.stderr.splitlines()[-1] == f"{error}: {said}"


def test_help_is_in_the_language_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKM_LANG", "id")
    said = skm("import", "-h").stdout
    assert said.startswith("Pemakaian: skm import")
    assert "Take the answers" not in said
    assert "Tambah unit pelayanan" in said
    assert "Cetak halaman manual" in skm("man").stdout
    monkeypatch.setenv("SKM_LANG", "en")
    assert skm("import", "-h").stdout.startswith("Usage: skm import")
