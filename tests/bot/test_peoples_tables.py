"""Tables as people have them (tests/support/peoples_tables.py), each brought in by its command.
docs/tables.md shows them: SKM_REGENERATE=1 writes it anew, then read the diff.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from storage.database.connect import open_engine
from storage.database.upsert import table_of
from storage.tables import Response
from storage.tables import Unit as UnitRow
from tests.support.command_line import KEYS, clean_desk, skm
from tests.support.paths import ROOT
from tests.support.peoples_tables import CASES, HEAD, OTHERS, Case
from tests.support.shown_files import ON_PURPOSE, stood_in

PAGE = ROOT / "docs/tables.md"
BEGIN = "<!-- made by tests/bot/test_peoples_tables.py -->"
CODE = {name: f"T-{number}" for number, name in enumerate(CASES)}
_r, _u = table_of(Response), table_of(UnitRow)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> Iterator[Engine]:
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setenv("SKM_DATABASE_URL", sqlite_url)
    rows = [
        HEAD,
        *([code, code, "Setda", "Kota X", "WIB", "KTP;KK", "9"] for code in CODE.values()),
    ]
    Path("units.csv").write_text("\n".join(map(",".join, rows)))
    assert skm("import", "units", "units.csv").exit_code == 0
    engine = open_engine(sqlite_url)
    yield engine
    engine.dispose()


def test_each_table_gives_what_it_says_or_is_refused(engine: Engine) -> None:
    shown = []
    for name, case in CASES.items():
        code = CODE[case.unit or name]
        said = brought(case, "responses", "--unit", code)
        shown.append((case, said))
        if not case.refused:
            assert kept(engine, code) == answered(case), name
    for command, case in OTHERS.values():
        shown.append((case, brought(case, *command)))
    _documented([*map(_row, shown)])


def brought(case: Case, command: str, *options: str) -> str:
    """What is said; that it is what the case wants."""
    Path(case.name).write_bytes(case.content)
    result = skm("import", command, case.name, *options, *case.options)
    said = f"{result.stderr}{result.stdout}".strip()
    if case.refused:
        assert (result.exit_code, result.stdout) == (1, ""), (case.what, said)
        assert case.refused in said, case.what
    else:
        assert result.exit_code == 0, (case.what, said)
    for text in case.said:
        assert text in said, (case.what, said)
    return said


def answered(case: Case) -> list[tuple[str, str]]:
    days = case.days or ("2026-08-03",) * len(case.answers)
    return sorted(zip(days, case.answers, strict=True))


def kept(engine: Engine, code: str) -> list[tuple[str, str]]:
    """Day and nine values of each response of a unit."""
    query = select(_r.c.local_date, _r.c.answers).join(_u, _u.c.id == _r.c.unit_id)
    with engine.connect() as connection:
        rows = connection.execute(query.where(_u.c.code == code)).all()
    return sorted(
        (f"{row.local_date}", "".join(str(row.answers[key] or "-") for key in KEYS)) for row in rows
    )


def test_what_stands_beside_the_answers_is_taken(engine: Engine) -> None:
    brought(CASES["beside"], "responses", "--unit", CODE["beside"])
    with engine.connect() as connection:
        (row,) = connection.execute(select(_r)).all()
    assert {name: getattr(row, name) for name in CASES["beside"].beside} == CASES["beside"].beside
    assert row.profile == {
        "sex": "male",
        "age": "26-35",
        "education": "sma",
        "occupation": "self_employed",
    }


def _row(shown: tuple[Case, str]) -> str:
    case, said = shown
    lines = re.sub(r"(imported on) [0-9]+ [A-Z][a-z]+ [0-9]{4}", r"\1 today", said)
    lines = re.sub(r"it is [0-9]{4}-[0-9]{2}-[0-9]{2}\.", "it is TODAY.", lines)
    usual = re.compile("U8 is read" if "U8" not in "".join(case.said) else "^$")
    lines = "\n".join(line for line in lines.splitlines() if not usual.match(line))
    lines = re.sub(r"\bT-[0-9]+\b", "UNIT", lines)
    what = " ".join(filter(None, (case.what, " ".join(f"`{o}`" for o in case.options))))
    return f"| {what} | {'<br>'.join(lines.splitlines())} |".replace("<br>|", "|")


def _documented(rows: list[str]) -> None:
    made = "\n".join(["", "| A table | What is read or said |", "|---|---|", *rows, ""])
    assert stood_in(PAGE, made, BEGIN) == made, ON_PURPOSE
