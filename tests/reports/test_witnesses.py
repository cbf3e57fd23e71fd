"""Checkpoints are signed once, leave, and are cosigned by witnesses as C2SP tlog-witness says."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, text

from reports.jobs.due import JOBS
from reports.transparency import appending
from reports.transparency.leaving import AGAIN, Outlets, checkpoints, file_of, kept_outside
from reports.transparency.signing import LogKey
from reports.transparency.verify_skm import WITNESS, Checkpoint, Key, Malformed, cosigned
from reports.transparency.witnesses import Witness
from storage.index import transparency_log as log
from tests.support.auditor import consistent
from tests.support.offices import NOON, Chance, office, unit_row
from tests.support.publishing import DAY, answered

KEY = LogKey.make("contoh.go.id/skm", Chance("log"))
URL = "https://saksi.example/w1"


class Server:
    """A witness as its specification says, of one log; `away`: nobody answers."""

    def __init__(self) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(Chance("witness")(32))
        public = self._private.public_key().public_bytes_raw()
        self.key = Key.of("saksi.example/w1", WITNESS, public)
        self.size, self.root, self.at = 0, b"", 1_764_000_000
        self.away, self.calls = False, list[tuple[str, int]]()
        self.before, self.after = "", ""  # lines beside its own

    def __call__(self, url: str, body: bytes) -> tuple[int, bytes]:
        if self.away:
            raise OSError("nobody there")
        head, note = body.decode().split("\n\n", 1)
        old, *proof = head.splitlines()
        found = Checkpoint.read(note)
        status, said = self._judged(int(old.removeprefix("old ")), proof, found)
        self.calls.append((url, status))
        return status, said

    def _judged(self, old: int, proof: list[str], found: Checkpoint) -> tuple[int, bytes]:
        if found.origin != KEY.public.name:
            return 404, b""
        if not found.is_by(KEY.public):
            return 403, b""
        if old != self.size:
            return 409, f"{self.size}\n".encode()
        hashes = [b64decode(each) for each in proof]
        if not consistent(old, found.size, self.root, found.root, hashes):
            return 422, b""
        self.size, self.root = found.size, found.root
        signed = self.at.to_bytes(8) + self._private.sign(cosigned(found.text, self.at))
        line = f"— {self.key.name} {b64encode(self.key.id + signed).decode()}\n"
        return 200, (self.before + line + self.after).encode()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST")) as engine:
        yield engine


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def outlets(server: Server, tmp_path: Path) -> Outlets:
    witness = Witness.read(f"{URL}/ {server.key}")
    return Outlets(KEY, "tg:@skm_contoh", (witness,), tmp_path / "checkpoint", server)


def a_day(engine: Engine, outlets: Outlets, day: int, number: int = 7) -> int:
    with engine.begin() as connection:
        answered(connection, "SMST", number, NOON + day * DAY)
    JOBS["log"](engine, NOON + (day + 1) * DAY)
    return checkpoints(engine, NOON + (day + 1) * DAY, outlets)


def newest(engine: Engine) -> Checkpoint:
    with engine.connect() as connection:
        return Checkpoint.read(log.latest(connection).note)


def posted(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT address, body FROM outbox ORDER BY id")).all()
    assert {row.address for row in rows} <= {"tg:@skm_contoh"}
    return [json.loads(row.body)["text"] for row in rows]


def test_each_checkpoint_is_signed_once_and_leaves(engine, outlets, server):
    assert a_day(engine, outlets, 0) == 1
    first = newest(engine)
    assert (first.origin, first.size) == (KEY.public.name, 7)
    assert first.is_by(KEY.public)
    assert checkpoints(engine, NOON + DAY, outlets) == 0
    assert a_day(engine, outlets, 1) == 1
    (one, two), second = posted(engine), newest(engine)
    assert [Checkpoint.read(each).size for each in (one, two)] == [7, 14]
    assert two == second.text + "\n" + two.split("\n\n")[1]
    assert kept_outside(outlets.file).text == second.text


def test_without_a_key_nothing_is_signed_or_sent(engine, server):
    assert a_day(engine, Outlets(None, "tg:@skm_contoh", post=server), 0) == 0
    with engine.connect() as connection:
        assert [each.note for each in log.checkpoints(connection)] == [""]
    assert posted(engine) == []


def test_a_witness_cosigns_what_goes_on_from_what_it_saw(engine, outlets, server):
    for day in range(4):
        a_day(engine, outlets, day, 3 + day)
        assert newest(engine).is_by(server.key)
        assert newest(engine).is_by(KEY.public)
    assert server.calls == [(f"{URL}/add-checkpoint", 200)] * 4
    checkpoints(engine, NOON + 9 * DAY, outlets)
    assert len(server.calls) == 4  # it has the newest


def test_a_witness_that_is_away_is_asked_again(engine, outlets, server):
    server.away = True
    a_day(engine, outlets, 0)
    now = NOON + DAY
    server.away = False
    checkpoints(engine, now + AGAIN - 1, outlets)
    assert server.calls == []
    checkpoints(engine, now + AGAIN, outlets)
    assert newest(engine).is_by(server.key)


def test_a_witness_that_saw_another_size_is_taken_at_its_word(engine, outlets, server):
    """Its cosignature was lost on the way, or another process asked."""
    a_day(engine, outlets, 0)
    a_day(engine, outlets, 1)
    with engine.begin() as connection:
        for each in log.checkpoints(connection):
            log.write_note(connection, each.size, KEY.note(each.size, each.root))
    a_day(engine, outlets, 2)
    assert [status for _, status in server.calls] == [200, 200, 409, 200]
    assert newest(engine).is_by(server.key)


def test_a_witness_that_saw_a_longer_log_gives_nothing(engine, outlets, server, caplog):
    server.size = 1_000
    a_day(engine, outlets, 0)
    assert "it has seen a log of 1000 entries" in caplog.text
    assert not newest(engine).is_by(server.key)


def test_a_witness_finds_a_log_that_was_rewritten(engine, outlets, server, caplog):
    a_day(engine, outlets, 0)
    server.root = bytes(32)
    a_day(engine, outlets, 1)
    assert "it answered 422" in caplog.text


def test_of_its_answer_only_its_own_signature_is_kept(engine, outlets, server):
    other = Chance()(76)
    server.before = f"— orang.lain/x {b64encode(other).decode()}\n"
    a_day(engine, outlets, 0)
    assert {name for name, _, _ in newest(engine).signatures} == {KEY.public.name, server.key.name}


@pytest.mark.parametrize("said", [b"", b"\xff", b"saya", "— saksi.example/w1 AAAA\n".encode()])
def test_what_is_no_cosignature_is_not_kept(engine, outlets, server, said):
    outlets.post = lambda url, body: (200, said)
    a_day(engine, outlets, 0)
    assert [name for name, _, _ in newest(engine).signatures] == [KEY.public.name]


def test_a_log_that_is_shorter_than_what_left_is_signed_no_more(engine, outlets, caplog):
    """A backup was restored: the log goes on from an older day, whatever is added to it."""
    a_day(engine, outlets, 0)
    with engine.begin() as connection:
        before = list(log.entries(connection))
    a_day(engine, outlets, 1)
    with engine.begin() as connection:
        for statement in ("DELETE FROM log_entry", "DELETE FROM checkpoint"):
            connection.exec_driver_sql(statement)
        log.add(
            connection, 0, [log.Entry(row.hash, row.says) for row in before], date(2026, 11, 20)
        )
        log.mark_done(connection, date(2026, 11, 20))
        connection.exec_driver_sql("DELETE FROM response WHERE local_date = '2026-11-20'")
        appending.add(connection, [log.Entry(Chance("x")(32))], date(2026, 11, 20))
        appending.checkpoint(connection, date(2026, 11, 20))
    assert checkpoints(engine, NOON + 2 * DAY, outlets) == 0
    assert "The log has 8 entries, and a checkpoint of 14 was signed and sent" in caplog.text
    assert a_day(engine, outlets, 3, 20) == 0
    assert "The first 14 entries of the log are not those of the checkpoint" in caplog.text
    assert len(posted(engine)) == 2
    outlets.key = LogKey.make("contoh.go.id/skm/2", Chance("log 2"))
    assert checkpoints(engine, NOON + 5 * DAY, outlets) == 2  # another log, for all to see
    assert newest(engine).origin == "contoh.go.id/skm/2"


def test_what_is_no_witness_is_refused(server):
    for bad in ("", URL, f"ftp://x {server.key}", f"{URL} {KEY.public}"):
        with pytest.raises(Malformed):
            Witness.read(bad)


def test_the_file_lies_beside_that_of_the_minutes(tmp_path):
    assert file_of(tmp_path / "skm.db-minutes") == tmp_path / "skm.db-checkpoint"
    assert file_of(None) is None
    assert kept_outside(tmp_path / "nowhere") is None


@pytest.mark.parametrize(
    "put",
    [
        "INSERT INTO checkpoint (size, root, day, note) VALUES (900, :root, '2026-11-22', '')",
        "INSERT INTO checkpoint (size, root, day, note) VALUES (8, :root, '2026-11-22', '')",
    ],
)
def test_who_holds_the_database_gets_nothing_signed(engine, outlets, caplog, put):
    """The key signs what the entries say, not what lies in the table."""
    a_day(engine, outlets, 0)
    a_day(engine, outlets, 1)
    before = outlets.file.read_text()
    with engine.begin() as connection:
        connection.execute(text("UPDATE checkpoint SET note = '' WHERE size = 14"))
        connection.execute(text(put), {"root": bytes(32)})
    assert checkpoints(engine, NOON + 3 * DAY, outlets) == 0
    assert "is not of these entries" in caplog.text
    assert outlets.file.read_text() == before
