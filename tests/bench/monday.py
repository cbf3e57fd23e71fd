"""Monday 08:00: the digests of a thousand units composed, and handed to a canned sender.

Each unit has as many weeks behind it as its digest looks back to. CPU is the whole process's, all
threads; a database server in another process is not in it.
"""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import Engine, delete, func, insert, literal, select

from bot.channels.telegram.links import CAPABILITIES
from bot.core.channel import Content, Picture, SendNever
from bot.core.sending import digest_content
from bot.core.sending.post import Post
from flows.instrument import Questionnaire
from flows.loader import instrument
from reports.digest.unit_week import weeks_up_to
from reports.digest.weekly import EARLIER
from reports.jobs.due_digests import digests
from storage import questionnaires, units
from storage.database.connect import migrate, open_engine
from storage.database.upsert import table_of
from storage.index_tables import Released
from storage.tables import Outbox, Role
from tests.bench import nation
from tests.bench.ours import sqlite_files
from tests.bench.parts import timing
from tests.support import postgres
from tests.support.digest_weeks import last_due_week
from tests.support.instruments import CURRENT

OFFICES = 1_000
A_WEEK = 15  # responses
WEEKS = 2
MONDAY = int(datetime(2026, 11, 23, 1, tzinfo=UTC).timestamp())
PARTS = {
    "the picture": ((digest_content, "picture"),),
    "its words": ((digest_content, "digest_text"),),
    "what is read beside": ((digest_content, "more_of"),),
}
TELEGRAM = 30  # messages a second


class Canned:
    """Takes everything at once."""

    capabilities = replace(CAPABILITIES, pace=50)

    def __init__(self) -> None:
        self.pictures = 0

    async def send(self, address: str, content: Content, conversation: str) -> None:
        self.pictures += isinstance(content, Picture)

    async def fetch(self, file: str) -> bytes:
        raise SendNever("nobody sends files here")


def measure(url: str, offices: int = OFFICES) -> list[str]:
    """One line for each part: CPU milliseconds a digest, and digests a second and core."""
    _fill(url, offices)
    engine = open_engine(url)
    try:
        composing, put = _cpu(lambda: digests(engine, MONDAY))
        assert put == offices, put
        sender = Canned()
        with timing(PARTS) as clock:
            sending, _ = _cpu(lambda: asyncio.run(_send_all(engine, sender)))
        assert sender.pictures == offices, sender.pictures
    finally:
        engine.dispose()
    parts = [_said(f"  of it {part}", used, offices) for part, used in clock.used.items()]
    return [
        _said("composed and put in the outbox", composing, offices),
        _said("made and handed to a canned sender", sending, offices),
        *parts,
        _said("both", composing + sending, offices),
    ]


async def _send_all(engine: Engine, sender: Canned) -> None:
    post = Post(engine, {"tg": sender}, lambda: MONDAY, "bench")
    while await post.round():
        pass


def _cpu(do: Any) -> tuple[float, Any]:
    began = time.process_time()
    done = do()
    return time.process_time() - began, done


def _said(name: str, seconds: float, number: int) -> str:
    return f"  {name:<44}{1000 * seconds / number:>12.2f}{number / seconds:>12.0f}"


def _fill(url: str, offices: int) -> None:
    migrate(url)
    engine = open_engine(url)
    with engine.begin() as connection:
        questionnaires.keep(connection, Questionnaire(CURRENT))
        units.save(connection, list(nation._units(4 * 500 * offices, offices)))
        heads = [
            {
                "address": f"tg:{n}",
                "role": "head",
                "scope_kind": "unit",
                "scope": f"U{n + 1:05}",
                "since": 0,
            }
            for n in range(offices)
        ]
        connection.execute(insert(table_of(Role)), [{**head, "language": "id"} for head in heads])
    rows = _responses(offices)
    put = nation._into_sqlite if url.startswith("sqlite") else nation._into_postgres
    put(url, iter(lambda: list(islice(rows, nation.AT_ONCE)), []))
    _look_back(engine, offices)
    engine.dispose()


def _look_back(engine: Engine, offices: int) -> None:
    """The week before is shown, and stands as those before it, too, of one unit after the other."""
    shown, sent = table_of(Released), table_of(Outbox)
    digests(engine, MONDAY - 7 * 86_400)
    week, _ = last_due_week("WIB", MONDAY - 7 * 86_400)
    with engine.begin() as connection:
        connection.execute(delete(sent))
        for back, period in enumerate(weeks_up_to(week)[1:EARLIER], 1):
            other = func.mod(shown.c.unit_id + back, offices) + 1
            of_week = select(
                other, literal(period.name), shown.c.figures, shown.c.sums, literal(""), shown.c.at
            )
            of_week = of_week.where(shown.c.period == week.name)
            connection.execute(insert(shown).from_select(shown.c.keys(), of_week))


def _responses(offices: int) -> Iterator[tuple[object, ...]]:
    random, keys = Random(4), instrument(CURRENT).keys
    last, _ = last_due_week("WIB", MONDAY)
    for unit in range(offices):
        pleased = random.gauss(3.2, 0.25)
        for place in range(A_WEEK * WEEKS):
            day = last.first + timedelta(days=place % 7 - 7 * (place // A_WEEK))
            answers = nation._answers(random, keys, random.gauss(pleased, 0.45))
            extra = {"why_cost": {"text": "tarifnya tidak terpasang"}} if place % 5 == 0 else {}
            yield (
                *(random.randbytes(12).hex(), unit + 1, "baru", CURRENT, CURRENT, "tg", "chat"),
                *(False, day.isoformat(), "morning", None, 60, "2026-1", json.dumps(answers)),
                *("{}", json.dumps(extra), random.randbytes(16), random.randbytes(32)),
            )


def show(server: postgres.Server, offices: Sequence[int] = (OFFICES,)) -> None:
    with sqlite_files() as files:
        for number in offices:
            for name, fresh in (("SQLite", files), ("Postgres 18", server.fresh_database)):
                title = f"Monday 08:00, {number:,} units, {name}"
                print(f"{title:<46}{'CPU ms':>12}{'a second':>12}", flush=True)
                print(*measure(fresh(), number), sep="\n", flush=True)
                print(f"  Telegram takes {TELEGRAM} messages a second.\n")


def main() -> None:
    with postgres.server(durable=True) as server:
        show(server)


if __name__ == "__main__":
    main()
