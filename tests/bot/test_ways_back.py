"""A way back from each slip at the command line: units, roles, invitations, imported files."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bot.core.pseudonyms import name_of
from reports.jobs.restored import settle
from reports.stored.verify import verify
from storage.answers import imports
from storage.database import backup, connect, destroyed
from storage.database.connect import open_engine
from storage.database.rollback_check import Seen
from storage.office import console_keys, holders, roles
from storage.scope import Scope, agency
from tests.support.answer_files import BC, FOURS, NUMBERS, imported, table
from tests.support.command_line import clean_desk, data, refusal, skm, with_units
from tests.support.command_line import keep as keep_chat
from tests.support.offices import NOON, SECRET, VAULT, Chance, count, run

HERE, KEPRI = Scope("unit", "SAMSAT-BC"), agency("Bapenda Kepri")
NEVER = 2**31 - 9 * 86_400  # an invitation given then may be used on any day of a test


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str) -> Iterator[Engine]:
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setenv("SKM_SECRET_KEY", SECRET)
    with_units(monkeypatch, database_url)
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


def give(engine: Engine, role: str, scope: Scope, address: str, at: int = NOON) -> None:
    with engine.begin() as connection:
        token = roles.invite(connection, role, scope, at, Chance(f"{role}{scope}{address}"))  # type: ignore[arg-type]
        roles.join(connection, token, address, at)


def name(address: str) -> str:
    return name_of(VAULT.pseudonym(address))


def test_units_are_listed(engine):
    keep_chat(engine, "SAMSAT-BC", "2026-08-03", 2, number=3)
    give(engine, "head", HERE, "tg:1")
    here = data("units")["units"][0]  # type: ignore[index]
    assert (here["code"], here["answers"], here["heads"]) == ("SAMSAT-BC", 3, 1)
    lines = skm("units", "--agency", "dinkes sorong").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["code", "RSUD-1"]


def test_a_unit_is_closed_and_opened(engine):
    assert (
        "no survey begins before 2099-01-31"
        in skm("unit", "close", "samsat-bc", "--until", "31 Januari 2099").stdout
    )
    assert data("units")["units"][0]["closed_until"] == "2099-01-31"  # type: ignore[index]
    assert "name a later day" in refusal("unit", "close", "SAMSAT-BC", "--until", "2001-01-01")
    assert "is no day" in refusal("unit", "close", "SAMSAT-BC", "--until", "besok")
    assert skm("unit", "open", "SAMSAT-BC").exit_code == 0
    assert count(engine, "unit", "closed_until IS NOT NULL") == 0
    assert skm("unit", "close", "SAMSAT-BC").exit_code == 0
    with engine.connect() as connection:
        until = connection.execute(text("SELECT closed_until FROM unit ORDER BY id")).scalar()
    assert str(until) == str(date.max)
    assert count(engine, "audit_entry", "action = 'edit_units' AND scope = 'SAMSAT-BC'") == 3


def test_a_unit_without_answers_is_removed_with_all_that_refers_to_it(engine):
    give(engine, "head", HERE, "tg:1")
    with engine.begin() as connection:
        roles.invite(connection, "officer", HERE, NEVER, Chance(2))
    run(
        engine,
        "INSERT INTO subscription VALUES ('tg:5', 1, 99, NULL)",
        "INSERT INTO period_key VALUES (1, '2026-Q4', '', '2027-01-14')",
        "INSERT INTO conversation (id, address, revision, status, unit, state, last, until,"
        " reminded) VALUES ('a', 'tg:6', 1, 'open', 'SAMSAT-BC', '{}', 1, 99, false),"
        " ('b', 'tg:7', 1, 'open', '', '{\"about\":{\"unit\":\"SAMSAT-BC\"}}', 1, 99, false),"
        " ('c', 'tg:8', 1, 'open', 'SAMSAT-SK', '{}', 1, 99, false)",
    )
    assert "Add --yes" in refusal("unit", "remove", "SAMSAT-BC")
    assert count(engine, "unit") == 3
    assert "is removed" in skm("unit", "remove", "SAMSAT-BC", "--yes").stdout
    assert count(engine, "unit") == 2
    assert count(engine, "role") == count(engine, "invite") == count(engine, "subscription") == 0
    assert count(engine, "conversation") == count(engine, "conversation", "id = 'c'") == 1
    assert skm("import", "units", "units.csv").stdout == "1 unit added, 2 updated.\n"


def test_a_unit_with_answers_stays(engine):
    keep_chat(engine, "SAMSAT-BC", "2026-08-03", 2)
    said = refusal("unit", "remove", "SAMSAT-BC", "--yes")
    assert "has 1 answers, so it stays. Close it instead: skm unit close SAMSAT-BC" in said
    assert count(engine, "unit") == 3


def test_a_lost_phone(engine):
    """All its roles, the invitations that it gave, and its way into the console; nobody else's."""
    for role, scope in (("head", HERE), ("admin", KEPRI)):
        give(engine, role, scope, "tg:1")
    give(engine, "head", HERE, "tg:2", NOON + 1)
    with engine.begin() as connection:
        roles.invite(connection, "head", HERE, NEVER, Chance(9), by="tg:1")
        console_keys.link(connection, "tg:1", NEVER, Chance(3))
    listed = data("roles")["roles"]
    assert {(r["role"], r["who"]) for r in listed} == {  # type: ignore[union-attr]
        ("head", name("tg:1")), ("admin", name("tg:1")), ("head", name("tg:2")),
    }  # fmt: skip
    assert "holds a role there" in refusal("roles", "--end", "FFFFFF", "--yes")
    asked = skm("roles", "--end", name("tg:1").lower())
    assert asked.exit_code == 1
    assert "Add --yes" in asked.output
    assert count(engine, "role") == 3
    assert "2 roles" in skm("roles", "--end", name("tg:1"), "--yes").stdout
    assert count(engine, "role", "address = 'tg:2'") == count(engine, "role") == 1
    assert count(engine, "invite", "withdrawn_at IS NULL AND used_at IS NULL") == 0
    assert count(engine, "console_key") == 0
    assert count(engine, "audit_entry", "action = 'end_role' AND by = 'operator'") == 2


def test_a_scope_narrows_what_is_ended(engine):
    for role, scope in (("head", HERE), ("admin", KEPRI)):
        give(engine, role, scope, "tg:1")
    assert "1 role " in skm("roles", "samsat-bc", "--end", name("tg:1"), "--yes").stdout
    assert count(engine, "role", "role = 'admin'") == count(engine, "role") == 1
    assert "no unit and no agency" in refusal("roles", "SAMSAT-XX")


def test_an_invitation_is_withdrawn(engine):
    skm("invite", "head", "SAMSAT-BC")
    skm("invite", "admin", "*")
    (one, other) = data("invites")["invites"]  # type: ignore[misc]
    assert {one["scope"], other["scope"]} == {"unit:SAMSAT-BC", "*"}  # type: ignore[index]
    said = skm("invites", "--withdraw", one["id"]).stdout  # type: ignore[index]
    assert "is withdrawn" in said
    assert data("invites")["invites"] == [other]
    assert "waits to be used" in refusal("invites", "--withdraw", one["id"])  # type: ignore[index]


def test_an_import_is_undone(engine):
    """Nothing of it is left, nothing else is gone, and a corrected file may be imported."""
    keep_chat(engine, "SAMSAT-BC", "2026-08-03", 2)
    header = NUMBERS + ",id"
    wrong = table(f"{FOURS},1", f"{FOURS},2", header=header, name="wrong.csv")
    other = table(f"{FOURS},8", f"{FOURS},9", header=header, name="other.csv")
    for file in (wrong, other):
        imported(file, "--date", "2026-08-01")
    skm("aggregate")
    assert [line.split()[2] for line in skm("import", "undo", *BC).stdout.splitlines()[1:]] == [
        "2", "2",
    ]  # fmt: skip
    assert "Add --yes" in refusal("import", "undo", *BC, "wrong.csv")
    assert (
        "Erased: 2 responses of SAMSAT-BC"
        in skm("import", "undo", *BC, "wrong.csv", "--yes").stdout
    )
    assert data("index", *BC)["n"] == 3
    assert verify(engine) == []
    assert count(engine, "imported") == 3
    assert "was not imported" in refusal("import", "undo", *BC, "wrong.csv", "--yes")
    assert "Give the unit by --unit" in refusal("import", "undo", "wrong.csv", "--yes")
    (line,) = skm("import", "undo", *BC).stdout.splitlines()[1:]
    id = line.split()[0]  # of the other, which tells its unit by itself
    assert "2 responses of SAMSAT-BC" in skm("import", "undo", id, "--yes").stdout
    assert data("index", *BC)["n"] == 1
    assert count(engine, "audit_entry", f"after LIKE '%{id}%'") == 2
    imported(other, "--date", "2026-08-01")
    right = table(f"{FOURS},1", f"{FOURS},2", f"{FOURS},3", header=header, name="right.csv")
    assert "3 responses imported" in imported(right, "--date", "2026-08-01")


def test_what_is_published_is_not_undone(engine):
    """It erased what the sheet counts, said that the file may be imported again, and refused it."""
    file = table(*[FOURS] * 6, name="paper.csv")
    imported(file, "--date", "2026-08-01")
    assert skm("publish", "SAMSAT-BC", "--period", "2026-Q3", "--yes").exit_code == 0
    said = refusal("import", "undo", *BC, "paper.csv", "--yes")
    assert said == "These answers are in 2026-Q3, which is published as sheet 1: it stays."
    assert count(engine, "response") == 6


def test_a_dry_run_says_how_many_would_be_imported(engine):
    said = imported(table(*[FOURS] * 6, name="paper.csv"), "--date", "2026-08-01", "--dry-run")
    assert said == "6 responses would be imported into SAMSAT-BC."
    assert count(engine, "response") == 0


def test_a_database_that_is_gone_is_not_said_to_want_an_upgrade(engine, monkeypatch, tmp_path):
    """An upgrade in its place would make an empty one."""
    monkeypatch.setenv("SKM_DATABASE_URL", "sqlite:///lost.db")
    monkeypatch.setenv("SKM_STATE_DIR", "")
    (tmp_path / "lost.db-minutes").write_text("3\n")
    said = refusal("units")
    assert "is gone" in said
    assert "skm restore FILE" in said
    assert "upgrade" not in said


def test_a_wrong_file_as_the_key_of_a_backup(engine, tmp_path):
    (tmp_path / "key").write_bytes(b"\x88\xff age")
    with pytest.raises(backup.BackupUnfit, match="holds no private key"):
        backup.decrypt(tmp_path / "key", tmp_path / "out", tmp_path / "key")


def test_what_was_undone_stays_undone_after_a_restore(engine):
    file = table(FOURS, FOURS, name="wrong.csv")
    imported(file, "--date", "2026-08-01")
    with engine.connect() as connection:
        query = text("SELECT what, at FROM imported WHERE what LIKE 'file:%'")
        key, at = connection.execute(query).one()
    undone = destroyed.file(1, at, imports.id_of(key))
    earlier = destroyed.file(1, at - 60, imports.id_of(key))  # then imported anew: that stays
    for line, erased in ((earlier, 0), (undone, 2)):
        with engine.begin() as connection:
            assert settle(connection, Seen(1, NOON, (line,)), NOON).answers == erased
    assert count(engine, "response") == count(engine, "imported") == 0
    assert verify(engine) == []


def everything(engine: Engine) -> str:
    tables = ("unit", "response", "imported", "publication", "service_standard", "f02_score",
              "audit_entry", "questionnaire", "edition")  # fmt: skip
    with engine.connect() as connection:
        kept = {
            t: connection.execute(text(f"SELECT * FROM {t} ORDER BY 1, 2")).all() for t in tables
        }
    return str(kept)


PER_ASPECT = {"I": 9, "II": 7, "III": 6, "IV": 3, "V": 3, "VI": 2}
F02 = "indicator,aspect,score\n" + "".join(
    f"{n},{aspect},4\n" for aspect, times in PER_ASPECT.items() for n in range(1, times + 1)
)
CASES = {
    "units": (
        "code,name,agency,region,timezone,services,population\n"
        "BARU-1,Kantor Baru,Bapenda,Batam,WIB,,\n",
        (),
    ),
    "responses": (f"{NUMBERS},date\n{FOURS},2026-08-01\n", BC),
    "wording": ("service,item,1,2,3,4\nPajak tahunan,cost,mahal,agak mahal,murah,gratis\n", BC),
    "standards": ("service,element,text,valid_from\nPajak tahunan,cost,Gratis,2026-01-01\n", BC),
    "f02": (F02, (*BC, "--year", "2026")),
}


@pytest.mark.parametrize("kind", CASES)
def test_a_dry_run_changes_nothing(engine, kind):
    content, options = CASES[kind]
    Path("file.csv").write_text(content)
    before = everything(engine)
    tried = skm("import", kind, "file.csv", *options, "--dry-run")
    assert tried.exit_code == 0, tried.output
    assert "Nothing was changed: --dry-run" in tried.stderr
    assert everything(engine) == before
    done = skm("import", kind, "file.csv", *options)
    assert done.exit_code == 0, done.output
    assert done.stdout == tried.stdout.replace("would be imported", "imported")
    assert everything(engine) != before


def test_a_filled_database_of_before(empty_database_url):
    """Of answers imported before 0008 the file is not known: they stay."""
    connect.migrate(empty_database_url, "0007")
    engine = open_engine(empty_database_url)
    run(
        engine,
        "INSERT INTO questionnaire (id, content) VALUES ('q', '{}')",
        "INSERT INTO unit (id, code, name, folded_code, folded_name, agency, region, timezone,"
        " kind, period, opening_hours, services, retired, users, questionnaire) VALUES (1, 'A1',"
        " 'A', 'a1', 'a', 'I', 'R', 'Asia/Jakarta', '', 'quarter', '', '[]', '[]', '{}', 'q')",
        "INSERT INTO response (id, unit_id, service, instrument, questionnaire, channel, source,"
        " verified, local_date, slot, consent, answers, profile, extra, salt, leaf, folded, told)"
        " VALUES ('r', 1, 's', 'i', 'q', 'file', 'imported', false, '2026-01-01', '', '', '{}',"
        " '{}', '{}', '1', '2', false, '')",
        "INSERT INTO imported (unit_id, what, at) VALUES (1, 'file:ab', 5)",
    )
    engine.dispose()
    connect.migrate(empty_database_url)
    engine = open_engine(empty_database_url)
    assert count(engine, "response", "file = ''") == count(engine, "imported", "file = ''") == 1
    assert count(engine, "destroyed") == 0
    engine.dispose()


def test_the_heads_of_a_removed_unit_are_noted_as_ended(engine):
    give(engine, "head", HERE, "tg:1")
    skm("unit", "remove", "SAMSAT-BC", "--yes")
    assert count(engine, "destroyed", f"what = 'role head {NOON} unit:SAMSAT-BC'") == 1
    with engine.connect() as connection:
        assert holders.every_holder(connection) == []
