"""Who holds the database rewrites what was, and recomputes all that can be recomputed from it.

Leaves, roots, hashes, tallies, and in the second test of each the log itself. What he does not hold
are the checkpoints that left and the key that signed them.
"""

import json
from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256

import pytest
from sqlalchemy import Connection, Engine, text

from reports.jobs.due import JOBS
from reports.sheets.merkle import sheet_root
from reports.stored.amending import erase
from reports.stored.fold import fold
from reports.stored.verify import verify
from reports.transparency import appending, tree
from reports.transparency.leaving import Outlets, checkpoints
from reports.transparency.signing import LogKey
from reports.transparency.verify_skm import Checkpoint
from storage.answers import receipts, responses
from storage.answers.receipts import canonical
from storage.database import destroyed
from storage.index import transparency_log as log
from storage.office import audit
from storage.scope import EVERYTHING
from tests.support.offices import NOON, Chance, draft, office, respond, run, unit_row
from tests.support.publishing import DAY, closed

KEY = LogKey.make("contoh.go.id/skm", Chance("log"))
NOW = NOON + 60 * DAY  # no key of the published quarters is left
RUNNING = "local_date > '2026-12-31'"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Two quarters are published, a third one runs; the log was kept every day."""
    with office(database_url, unit_row("SMST"), unit_row("DUKCAPIL")) as engine:
        chance = Chance()
        for at in (NOON - 90 * DAY, NOON, NOW - 5 * DAY):
            with engine.begin() as connection:
                for n in range(16):
                    values = 1 if n < 6 else 4
                    respond(connection, "SMST", chance, draft(at + 600 * n, values))
                audit.note(connection, at, "head", "run_periods", EVERYTHING, None, {"at": at})
            fold(engine)
            kept(engine, at + DAY)
        with engine.begin() as connection:
            closed(connection, "SMST", "2026-Q3", NOW - 4 * DAY)
            closed(connection, "SMST", "2026-Q4", NOW - 4 * DAY)
        kept(engine, NOW)
        yield engine


def kept(engine: Engine, at: int) -> None:
    JOBS["log"](engine, at)
    checkpoints(engine, at, Outlets(KEY))


def sent(engine: Engine) -> list[Checkpoint]:
    """What left, as a public channel has it."""
    with engine.connect() as connection:
        return [Checkpoint.read(each.note) for each in log.checkpoints(connection)]


def last_sheet_removed(connection: Connection) -> None:
    _do(connection, "DELETE FROM sheet_leaf WHERE sheet_id = (SELECT max(id) FROM sheet)",
        "DELETE FROM sheet WHERE number = 2")  # fmt: skip


def all_sheets_removed(connection: Connection) -> None:
    _do(connection, "DELETE FROM sheet_leaf", "DELETE FROM sheet")


def rows_added_unfolded(connection: Connection) -> None:
    for n in range(5):
        respond(connection, "SMST", Chance(f"more {n}"), draft(NOW - 5 * DAY + 60 * n, 4))


def running_answers_rewritten(connection: Connection) -> None:
    _rewrite(connection, RUNNING)


def low_rows_deleted(connection: Connection) -> None:
    for leaf in _low(connection, RUNNING):
        connection.execute(text("DELETE FROM response WHERE leaf = :leaf"), {"leaf": leaf})


def low_rows_erased(connection: Connection) -> None:
    """As the program erases, at a time when nobody could have asked for it; or without a note."""
    for leaf in _low(connection, "local_date < '2026-10-01'"):
        erase(connection, responses.found(connection, (leaf, leaf), lock=True))


def low_rows_erased_by_hand(connection: Connection) -> None:
    for leaf in _low(connection, RUNNING):
        erase(connection, responses.found(connection, (leaf, leaf), lock=True))
        run_with(connection, "DELETE FROM destroyed WHERE what = :leaf", destroyed.answer(leaf))


def audit_log_emptied(connection: Connection) -> None:
    _without_triggers(connection)
    _do(connection, "DELETE FROM audit_entry")


def newest_sheet_rewritten(connection: Connection) -> None:
    _resheet(connection, lambda content: content["index"].update(ikm="99.00"), "number = 2")


def chain_rehashed(connection: Connection) -> None:
    _resheet(connection, lambda content: content["index"].update(ikm="99.00"), "number = 1")


def published_answers_rewritten(connection: Connection) -> None:
    """One more to every answer of a published quarter, then leaves, root and hashes."""
    where = "local_date < '2026-10-01'"
    new = _rewrite(connection, where)
    for old, leaf in new.items():
        params = {"old": old, "leaf": leaf}
        connection.execute(text("UPDATE sheet_leaf SET leaf = :leaf WHERE leaf = :old"), params)

    def change(content: dict) -> None:
        content["leaves"]["root"] = sheet_root(new.values()).hex()
        content["index"]["ikm"] = "100.00"

    _resheet(connection, change, "number = 1")


def log_truncated(connection: Connection) -> None:
    _do(connection, "DELETE FROM log_entry WHERE position >= 20",
        "DELETE FROM checkpoint WHERE size > 20")  # fmt: skip


GONE, SENT = "is in the log and is gone", "sent"
CHANGED = "answers that the log has are gone or were changed"
ERASED = "are erased, and not by whoever gave them"
LATE = "came in after the log had closed their day"
# What is said where the log is left as it is, and where it is written anew beside a checkpoint
# that left.
ALL: dict[Callable[[Connection], None], tuple[str, str]] = {
    last_sheet_removed: (GONE, SENT),
    all_sheets_removed: (GONE, SENT),
    rows_added_unfolded: (LATE, ""),
    running_answers_rewritten: (CHANGED, SENT),
    low_rows_deleted: (CHANGED, SENT),
    low_rows_erased: (ERASED, ERASED),
    low_rows_erased_by_hand: (ERASED, SENT),
    audit_log_emptied: ("The log of changes has 0 entries", SENT),
    newest_sheet_rewritten: (GONE, SENT),
    chain_rehashed: (GONE, SENT),
    published_answers_rewritten: (CHANGED, SENT),
    log_truncated: ("rests on a log of 51 entries that is not this one", SENT),
}


def test_nothing_differs_where_nobody_tampers(engine):
    """Nor do the tests' own ways make a difference: tallies folded anew, a log written anew."""
    outside = sent(engine)
    assert verify(engine, outside, KEY.public) == []
    _refold(engine)
    assert verify(engine, outside, KEY.public) == []
    kept(engine, NOW + DAY)
    assert verify(engine, outside, KEY.public) == []
    with engine.begin() as connection:
        _rewrite_log(connection)
    found = verify(engine, outside, KEY.public)
    assert [each for each in found if "sent" in each or "signed" in each] == []


@pytest.mark.parametrize("tamper", ALL, ids=lambda tamper: tamper.__name__)
def test_it_is_found_by_what_the_database_says_itself(engine, tamper):
    """Also after the next days' jobs have run over it."""
    with engine.begin() as connection:
        tamper(connection)
    _refold(engine)
    says = ALL[tamper][0]
    assert [each for each in verify(engine) if says in each] != []
    kept(engine, NOW + DAY)
    assert [each for each in verify(engine) if says in each] != []


@pytest.mark.parametrize("tamper", ALL, ids=lambda tamper: tamper.__name__)
def test_it_is_found_by_what_left_where_the_log_is_rewritten_too(engine, tamper):
    outside = sent(engine)[-1:]
    with engine.begin() as connection:
        tamper(connection)
        if tamper is not log_truncated:
            _rewrite_log(connection)
    _refold(engine)
    found, says = verify(engine, outside, KEY.public), ALL[tamper][1]
    if says:
        assert [each for each in found if says in each] != []
        return
    with engine.begin() as connection:
        _do(connection, "UPDATE checkpoint SET day = '2026-01-01'")
    # docs/security.md: a checkpoint tells no days; whoever noted when it came sees it
    assert verify(engine, outside, KEY.public) == []


def test_a_checkpoint_that_left_and_is_kept_no_more_is_found(engine):
    """By its day answers that came late, and erasings, are known."""
    outside = sent(engine)[-1:]
    run(engine, f"DELETE FROM checkpoint WHERE size = {outside[0].size}")
    (said,) = verify(engine, outside, KEY.public)
    assert said == f"The checkpoint of {outside[0].size} entries that was given is kept no more."


def test_a_log_rewritten_and_signed_by_another_key_is_found(engine):
    with engine.begin() as connection:
        low_rows_deleted(connection)
        _rewrite_log(connection)
    checkpoints(engine, NOW, Outlets(LogKey.make("contoh.go.id/skm", Chance("other"))))
    _refold(engine)
    assert any("is not signed by the log's key" in each for each in verify(engine, (), KEY.public))


def test_checkpoints_that_are_no_ones_are_not_taken_for_ours(engine):
    other = Checkpoint.read(LogKey.make("lain/skm", Chance()).note(3, bytes(32)))
    (said,) = verify(engine, [other], KEY.public)
    assert said == "The checkpoint of 3 entries that was given is of lain/skm."


def _do(connection: Connection, *statements: str) -> None:
    for each in statements:
        connection.exec_driver_sql(each)


def run_with(connection: Connection, statement: str, leaf: str) -> None:
    connection.execute(text(statement), {"leaf": leaf})


def _low(connection: Connection, where: str) -> list[bytes]:
    rows = connection.execute(text(f"SELECT leaf, answers FROM response WHERE {where}"))
    return [bytes(row.leaf) for row in rows if "4" not in str(row.answers)]


def _rewrite(connection: Connection, where: str) -> dict[bytes, bytes]:
    """Every answer 4, under the salt that it had; old leaf → new."""
    new = {}
    leaves = connection.execute(text(f"SELECT leaf FROM response WHERE {where}")).scalars().all()
    for leaf in map(bytes, leaves):
        row = responses.found(connection, (leaf, leaf))
        answers = dict.fromkeys(row.answers, 4)
        said = responses.counted_row("SMST", row, row.local_date) | {"answers": answers}
        new[leaf] = receipts.leaf(row.salt, said)
        params = {"answers": json.dumps(answers), "new": new[leaf], "old": leaf}
        statement = "UPDATE response SET answers = :answers, leaf = :new WHERE leaf = :old"
        connection.execute(text(statement), params)
    return new


def _resheet(connection: Connection, change: Callable[[dict], object], where: str) -> None:
    """Change a sheet, and put its hash and those of all that follow it right."""
    rows = connection.execute(text("SELECT id, number, content, hash FROM sheet ORDER BY number"))
    first = int(where[-1])
    previous: str | None = None
    for row in rows.all():
        content = json.loads(row.content)
        if row.number == first:
            change(content)
        content["previous"] = previous
        said = canonical(content)
        previous = sha256(said).hexdigest()
        params = {"id": row.id, "content": said.decode(), "hash": bytes.fromhex(previous)}
        statement = "UPDATE sheet SET content = :content, hash = :hash WHERE id = :id"
        connection.execute(text(statement), params)


def _without_triggers(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        _do(connection, "ALTER TABLE audit_entry DISABLE TRIGGER ALL")
        return
    query = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for name in connection.execute(query).scalars().all():
        _do(connection, f"DROP TRIGGER {name}")


def _rewrite_log(connection: Connection) -> None:
    """The same log where nobody tampered; else its entries in their places, each as what there is
    now makes it, and then what has none yet. The checkpoints go but for those that still fit."""
    old, checkpoints = list(log.entries(connection)), log.checkpoints(connection)
    known = {bytes(row.hash) for row in old}
    leaves = _column(connection, "SELECT leaf FROM response UNION SELECT leaf FROM sheet_leaf")
    hashes = _column(connection, "SELECT hash FROM sheet")
    other_leaves = iter(sorted(leaves - known))
    other_sheets = iter([each for each in map(appending.published, sorted(hashes))
                         if each.hash not in known])  # fmt: skip
    _do(connection, "DELETE FROM log_entry", "DELETE FROM log_node", "DELETE FROM checkpoint")
    for row in old:
        entry: log.Entry | None = log.Entry(bytes(row.hash), row.says)
        said = json.loads(row.says or "{}")
        if not said and row.hash not in leaves:
            leaf = next(other_leaves, None)
            entry = log.Entry(leaf) if leaf else None
        elif "sheet" in said and bytes.fromhex(said["sheet"]) not in hashes:
            entry = next(other_sheets, None)
        elif "changes" in said:
            after, last = said["changes"]["after"], said["changes"]["last"]
            number, digest = audit.digest(connection, after, last)
            changed = {**said["changes"], "n": number, "hash": digest.hex()}
            entry = log.saying({"changes": changed}) if number else None
        if entry:
            appending.add(connection, [entry], date(2027, 1, 14))
    appending.add(connection, [log.Entry(leaf) for leaf in other_leaves], date(2027, 1, 18))
    appending.rest(connection, appending.unsaid(connection), NOW, date(2027, 1, 18))
    appending.checkpoint(connection, date(2027, 1, 18))
    for each in checkpoints:
        fits = each.size <= log.size(connection)
        if fits and tree.root_at(appending.reader(connection), each.size) == each.root:
            log.keep(connection, each)
            log.write_note(connection, each.size, each.note)


def _column(connection: Connection, query: str) -> set[bytes]:
    return set(map(bytes, connection.execute(text(query)).scalars()))


def _refold(engine: Engine) -> None:
    """Tallies as the rows are now."""
    run(engine, "DELETE FROM tally", "DELETE FROM quarter", "DELETE FROM unfolded")
    run(engine, "INSERT INTO unfolded (unit_id, id) SELECT unit_id, id FROM response")
    fold(engine)
