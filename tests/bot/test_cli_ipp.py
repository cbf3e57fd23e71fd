"""`skm import f02` and `skm ipp`: figures by hand from the rule's weights."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.database.connect import open_engine
from tests.support.command_line import clean_desk, data, in_indonesian, refusal, skm, with_units
from tests.support.offices import count

# 30 indicators; each aspect's score is one number, so that its mean is that number.
PER_ASPECT = {"I": 9, "II": 7, "III": 6, "IV": 3, "V": 3, "VI": 2}
YEAR = ("--year", "2026")


@pytest.fixture(autouse=True)
def _a_clean_desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clean_desk(monkeypatch, tmp_path)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Iterator[Engine]:
    engine = open_engine(with_units(monkeypatch, database_url))
    yield engine
    engine.dispose()


def f02(*scores: int, name: str = "f02.csv") -> str:
    """A file that gives every indicator of an aspect the same score."""
    rows = [
        f"{number},{aspect},{score}"
        for (aspect, times), score in zip(PER_ASPECT.items(), scores, strict=True)
        for number in range(1, times + 1)
    ]
    Path(name).write_text("\n".join(["indicator,aspect,score", *rows]))
    return name


def f03(unit: str, *rows: str) -> None:
    """Answers of users: 14 cells a row, 0 to 5."""
    header = ",".join(f"U{number}" for number in range(1, 15))
    Path("f03.csv").write_text("\n".join([header, *rows]))
    options = ("--date", "2026-05-05", "--instrument", "f-03")
    done = skm("import", "responses", "f03.csv", "--unit", unit, *options)
    assert done.exit_code == 0, done.output


def scored(unit: str, *scores: int, year: str = "2026") -> str:
    done = skm("import", "f02", f02(*scores), "--unit", unit, "--year", year)
    assert done.exit_code == 0, done.output
    return done.stdout.strip()


def test_units_institutions_and_what_is_missing(engine: Engine) -> None:
    # 5 × 0.24 + 4 × 0.25 + 3 × 0.18 + 2 × 0.11 + 1 × 0.10 + 0 × 0.12 = 3.06
    assert scored("SAMSAT-BC", 5, 4, 3, 2, 1, 0) == "30 scores of SAMSAT-BC in 2026: F-02 3.06."
    scored("RSUD-1", 5, 5, 5, 5, 5, 5)
    scored("SAMSAT-SK", 1, 1, 1, 1, 1, 1)
    # Item means (5 + 0) / 2 and thirteen times 4: F-03 = (2.5 + 52) / 14 = 3.892857…
    f03("SAMSAT-BC", "5" + ",4" * 13, "0" + ",4" * 13)
    f03("RSUD-1", ",".join("5" * 14))
    read = data("ipp", *YEAR)
    units = {each["unit"]: each for each in listed(read, "units")}
    batam = units["SAMSAT-BC"]
    assert batam["f02"]["index"] == "3.0600"
    assert batam["f02"]["aspects"]["innovation"] == 0
    assert batam["f03"] == {"n": 2, "index": "3.8929"}
    # 0.75 × 3.06 + 0.25 × 3.892857 = 3.268214
    assert (batam["ipp"], batam["grade"], batam["label"]) == ("3.27", "B-", None)
    hospital = units["RSUD-1"]
    assert (hospital["ipp"], hospital["grade"], hospital["label"]) == (
        "5.00",
        "A",
        "Pelayanan prima",
    )
    (missing,) = listed(read, "not_evaluated")
    assert (missing["unit"], missing["f03"], missing["ipp"]) == ("SAMSAT-SK", None, None)
    assert [
        (i["agency"], i["rank"], i["units"], i["ipp"]) for i in listed(read, "institutions")
    ] == [
        ("Dinkes Sorong", 1, 1, "5.00"),
        ("Bapenda Kepri", 2, 1, "3.27"),
    ]
    assert any("belum dipastikan" in str(note) for note in listed(read, "unconfirmed"))


def listed(read: dict[str, object], key: str) -> list[dict[str, object]]:
    found = read[key]
    assert isinstance(found, list)
    return found


def test_an_institution_is_the_plain_mean_of_its_units(engine: Engine) -> None:
    """4.00 of one answer and 2.00 of three: 3.00, however many answered where."""
    scored("SAMSAT-BC", 4, 4, 4, 4, 4, 4)
    scored("SAMSAT-SK", 2, 2, 2, 2, 2, 2)
    f03("SAMSAT-BC", ",".join("4" * 14))
    f03("SAMSAT-SK", *[",".join("2" * 14)] * 3)
    read = data("ipp", *YEAR, "--agency", "bapenda kepri")
    assert [each["unit"] for each in listed(read, "units")] == ["SAMSAT-BC", "SAMSAT-SK"]
    (agency,) = listed(read, "institutions")
    assert (agency["ipp"], agency["grade"], agency["units"]) == ("3.00", "C", 2)
    one = data("ipp", *YEAR, "--unit", "samsat-sk")
    assert (len(listed(one, "units")), one["institutions"]) == (1, [])


def test_scores_are_replaced_as_a_whole_and_years_stand_apart(engine: Engine) -> None:
    scored("SAMSAT-BC", 5, 4, 3, 2, 1, 0)
    scored("SAMSAT-BC", 1, 1, 1, 1, 1, 1, year="2025")
    again = scored("SAMSAT-BC", 3, 3, 3, 3, 3, 3)
    assert again == "30 scores of SAMSAT-BC in 2026 in place of those before: F-02 3.00."
    assert (count(engine, "f02_score"), count(engine, "f02_score", "year = 2026")) == (60, 30)
    f03("SAMSAT-BC", ",".join("3" * 14))
    assert [each["ipp"] for each in listed(data("ipp", *YEAR), "units")] == ["3.00"]
    assert listed(data("ipp", "--year", "2025"), "units") == []  # answers of another year
    Path("f02.csv").write_text("indicator,aspect,score\n1,I,6\n")
    assert refusal("import", "f02", "f02.csv", "--unit", "SAMSAT-BC", *YEAR).startswith(
        "Row 2, column score: “6” cannot be taken"
    )
    assert count(engine, "f02_score") == 60


def test_weights_of_the_file_are_kept(engine: Engine) -> None:
    """Aspect VI: 5 with 100 %, 1 with 0 %: 5; all else 0. F-02 = 0.12 × 5."""
    text = Path(f02(0, 0, 0, 0, 0, 0)).read_text().splitlines()
    rows = [text[0] + ",weight", *(f"{line}," for line in text[1:-2]), "1,VI,5,100", "2,VI,1,0"]
    Path("f02.csv").write_text("\n".join(rows))
    done = skm("import", "f02", "f02.csv", "--unit", "RSUD-1", *YEAR)
    assert done.stdout == "30 scores of RSUD-1 in 2026: F-02 0.60.\n"
    (unit,) = [u for u in listed(data("ipp", *YEAR), "not_evaluated") if u["f02"]]
    found = unit["f02"]
    assert isinstance(found, dict)
    assert found["index"] == "0.6000"


def test_the_tables_for_people(engine: Engine) -> None:
    scored("RSUD-1", 5, 5, 5, 5, 5, 5)
    f03("RSUD-1", ",".join("4" * 14))
    said = in_indonesian("ipp", *YEAR).stdout
    lines = [line.split() for line in said.splitlines()]
    assert ["RSUD-1", "5,00", "4,00", "1", "4,75", "A", "(Pelayanan", "prima)"] in lines
    assert ["Dinkes", "Sorong", "1", "1", "4,75", "A", "(Pelayanan", "prima)"] in lines
    assert "Belum dievaluasi (F-02 + F-03): SAMSAT-BC, SAMSAT-SK" in said
    assert "PermenPANRB 29/2022" in said
    assert "belum dipastikan" in said
    assert "[?]" not in said
    one = in_indonesian("ipp", *YEAR, "--unit", "RSUD-1").stdout
    assert ["I.", "Kebijakan", "Pelayanan", "24", "%", "5,00"] in [
        line.split() for line in one.splitlines()
    ]
    assert "Instansi" not in one


@pytest.mark.usefixtures("engine")
def test_what_cannot_be_asked() -> None:
    assert refusal("ipp", "--year", "2021").startswith("--year 2021 is none of 2022 to ")
    assert refusal("ipp", *YEAR, "--unit", "SAMSAT").startswith("There is no unit “SAMSAT”.")
    assert refusal("ipp", *YEAR, "--agency", "Bapenda").startswith("There is no agency “Bapenda”.")
    assert skm("ipp", *YEAR, "--agency", "A", "--unit", "B").exit_code == 2
    assert "cannot be read" in refusal("import", "f02", "x.csv", "--unit", "RSUD-1", *YEAR)
    said = in_indonesian("ipp", *YEAR).stdout
    assert "Belum dievaluasi" in said
