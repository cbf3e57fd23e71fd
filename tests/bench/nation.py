"""A nation of made-up units and a year of their responses, put into a database in bulk."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from math import sqrt
from random import Random
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from flows.instrument import Questionnaire
from flows.loader import instrument
from storage import questionnaires, units
from storage.answers import receipts
from storage.database.connect import migrate, open_engine
from tests.support.instruments import CURRENT

YEAR = 2026
KINDS = ("samsat", "disdukcapil", "rsud", "dpmptsp")
SERVICES = [{"id": "baru", "label": "Baru"}, {"id": "ulang", "label": "Perpanjangan"}]
STRAIGHT = 0.55
AT_ONCE = 20_000
COLUMNS = (
    *("id", "unit_id", "service", "instrument", "questionnaire", "channel", "source", "verified"),
    *("local_date", "slot", "submitted_at", "duration", "consent", "answers", "profile", "extra"),
    *("salt", "leaf"),
)
_UNFOLDED = "INSERT INTO unfolded (unit_id, id) SELECT unit_id, id FROM response ORDER BY 1, 2"


def fill(url: str, number: int, offices: int) -> None:
    """Migrate the database, then so many responses of the year, in order of time.

    Units differ in size: of 5,000 the first has one response in 70, the last one in 10,000.
    """
    migrate(url)
    engine = open_engine(url)
    with engine.begin() as connection:
        questionnaires.keep(connection, Questionnaire(CURRENT))
        units.save(connection, list(_units(number, offices)))
    engine.dispose()
    rows = _responses(number, offices)
    put = _into_sqlite if url.startswith("sqlite") else _into_postgres
    put(url, iter(lambda: list(islice(rows, AT_ONCE)), []))


def _units(number: int, offices: int) -> Iterator[dict[str, Any]]:
    random = Random(1)
    for place in range(offices):
        code = f"U{place + 1:05}"
        a_quarter = number / 4 * (sqrt((place + 1) / offices) - sqrt(place / offices))
        yield {
            "code": code,
            "folded_code": code.casefold(),
            "name": f"Kantor {code}",
            "folded_name": f"kantor {code.casefold()}",
            "agency": f"Pemkab {place % 500}",
            "region": f"Provinsi {place % 38}",
            "timezone": "Asia/Jakarta",
            "kind": KINDS[place % 4],
            "period": "quarter",
            "population": max(1, round(a_quarter * random.uniform(0.9, 1.6))),
            "opening_hours": "",
            "services": SERVICES,
            "questionnaire": CURRENT,
        }


def _responses(number: int, offices: int) -> Iterator[tuple[object, ...]]:
    random = Random(2)
    asked, first = instrument(CURRENT), date(YEAR, 1, 1)
    pleased = [random.gauss(3.2, 0.25) for _ in range(offices)]
    for place in range(number):
        unit = int(offices * random.random() ** 2)
        day = first + timedelta(days=365 * place // number)
        answers = _answers(random, asked.keys, random.gauss(pleased[unit], 0.45))
        row = {
            "unit": f"U{unit + 1:05}",
            "service": random.choice(SERVICES)["id"],
            "version": CURRENT,
            "local_date": day.isoformat(),
            "source": "assisted" if random.random() < 0.1 else "chat",
            "verified": random.random() < 0.2,
            "answers": answers,
        }
        salt = random.randbytes(16)
        yield (
            *(random.randbytes(12).hex(), unit + 1, row["service"], CURRENT, CURRENT, "tg"),
            *(row["source"], row["verified"], day.isoformat(), "morning"),
            *(1_767_200_000 + 31_536_000 * place // number, random.randrange(40, 150), "2026-1"),
            json.dumps(answers),
            json.dumps({band.key: random.choice(band.choices) for band in asked.profile}),
            *("{}", salt, receipts.leaf(salt, row)),
        )


def _answers(random: Random, keys: Sequence[str], pleased: float) -> dict[str, int | None]:
    if random.random() < STRAIGHT:
        return dict.fromkeys(keys, _value(pleased))
    answers: dict[str, int | None] = {key: _value(random.gauss(pleased, 0.6)) for key in keys}
    if random.random() < 0.2:
        answers["cost"] = None
    return answers


def _value(opinion: float) -> int:
    return min(4, max(1, round(opinion)))


def _into_sqlite(url: str, batches: Iterator[list[tuple[object, ...]]]) -> None:
    connection = sqlite3.connect(make_url(url).database or "")
    connection.execute("PRAGMA synchronous = OFF")
    marks = ", ".join("?" * len(COLUMNS))
    for batch in batches:
        connection.executemany(
            f"INSERT INTO response ({', '.join(COLUMNS)}) VALUES ({marks})", batch
        )
        connection.commit()
    connection.execute(_UNFOLDED)
    connection.commit()
    connection.execute("ANALYZE")
    connection.close()


def _into_postgres(url: str, batches: Iterator[list[tuple[object, ...]]]) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for batch in batches:
            with connection.cursor().copy(f"COPY response ({', '.join(COLUMNS)}) FROM STDIN") as to:
                for row in batch:
                    to.write_row(row)
        connection.execute(_UNFOLDED)
        connection.execute("VACUUM ANALYZE")
