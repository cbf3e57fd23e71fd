"""Files of answers, imported into one unit at the command line."""

from pathlib import Path

from tests.support.command_line import refusal, skm

NUMBERS = ",".join(f"U{number}" for number in range(1, 10))
FOURS = "4,4,4,4,4,4,4,4,4"
BC = ("--unit", "SAMSAT-BC")


def table(*rows: str, header: str = NUMBERS, name: str = "answers.csv") -> str:
    Path(name).write_text("\n".join((header, *rows)) + "\n", "utf-8")
    return name


def imported(file: str, *options: str) -> str:
    """What is said on stdout."""
    result = skm("import", "responses", file, *BC, *options)
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def refused(file: str, *options: str) -> list[str]:
    return refusal("import", "responses", file, *BC, *options).splitlines()
