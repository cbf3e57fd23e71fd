"""From the first tables, filled, to events that are texts: nothing is lost, on either database."""

import json

from sqlalchemy import text

from storage.database import connect
from tests.support.offices import NOON

FILE = "AgACAgUAAxkBAAIB_x-1234"
STATE = {"form": "survey", "began": NOON, "last": NOON + 9, "about": {}, "answers": {}}


def test_filled_tables_are_brought_along(empty_database_url):
    connect.migrate(empty_database_url, "0002")
    engine = connect.open_engine(empty_database_url)
    with engine.begin() as connection:
        fill(connection)
    connect.migrate(empty_database_url)
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT proof, proof_kind, proof_file, proof_channel FROM innovation ORDER BY id")
        ).all()
        replies = dict(connection.execute(text("SELECT kind, reply_to FROM outbox")).all())
        (until,) = connection.execute(text("SELECT until FROM conversation")).scalars()
    engine.dispose()
    typed = "document:https://contoh.example/x.pdf"
    assert [tuple(row) for row in rows] == [("", "photo", FILE, "tg"), (typed, "", "", "")]
    assert (replies["digest"], bool(replies["screen"])) == ("", True)
    assert until == NOON + 7 * 86_400


def fill(connection) -> None:
    typed = "document:https://contoh.example/x.pdf"
    connection.execute(text("INSERT INTO questionnaire (id, content) VALUES ('q', '{}')"))
    connection.execute(
        text(
            "INSERT INTO unit (id, code, name, folded_code, folded_name, agency, region, timezone,"
            " kind, period, opening_hours, services, retired, users, questionnaire) VALUES"
            " (1, 'A1', 'A', 'a1', 'a', 'I', 'R', 'Asia/Jakarta', '',"
            " 'quarter', '', '[]', '[]', '{}', 'q')"
        )
    )
    for id, proof in ((1, f"photo:{FILE}"), (2, typed)):
        connection.execute(
            text(
                "INSERT INTO innovation (id, unit_id, element, name, what, started_on,"
                " first_started_on, proof, at, by) VALUES (:id, 1, 'cost', 'n', 'w', '2026-01-01',"
                " '2026-01-01', :proof, 1, 'x')"
            ),
            {"id": id, "proof": proof},
        )
    for key, kind in (("screen:tg:1:7", "screen"), ("digest:A1:tg:1:2026-W1", "digest")):
        connection.execute(
            text(
                "INSERT INTO outbox (key, kind, address, body, due_at, leased_until, attempts,"
                " resent, error) VALUES (:key, :kind, 'tg:1', '{}', 1, 0, 0, 0, '')"
            ),
            {"key": key, "kind": kind},
        )
    connection.execute(
        text(
            "INSERT INTO conversation (id, address, revision, status, unit, state, last, until,"
            " reminded) VALUES ('c', 'tg:1', 2, 'open', '', :state, 1, 1, :no)"
        ),
        {"state": json.dumps(STATE), "no": False},
    )
