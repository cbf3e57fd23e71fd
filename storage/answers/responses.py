"""Responses: a submitted survey, kept once, with its receipt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from msgspec.json import decode
from sqlalchemy import (
    Connection,
    String,
    bindparam,
    cast,
    func,
    insert,
    or_,
    select,
    update,
)

from flows.engine.form import Value
from storage.answers import receipts
from storage.database.upsert import table_of
from storage.index import tallies
from storage.periods import local_time
from storage.tables import Response
from storage.units import Unit
from storage.vault import Random

NOON = 13  # the annex's second slot begins at 13:00

AT_ONCE = 2_000  # whose words are dropped

_r = table_of(Response)
_INSERT = insert(_r)


@dataclass(frozen=True, slots=True, repr=False)
class Unmasked:
    """A citizen's own words. No text, so that nothing shows or logs them: `text` is for
    `reports.comments` alone, whose `readable` masks them."""

    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What a person submitted, before the database gives it an id and a salt.

    `at`: Unix seconds; of answers on paper only the day is known, in the unit's zone.
    """

    service: str
    instrument: str
    questionnaire: str
    channel: str
    at: int | date
    answers: Mapping[str, int | None]
    profile: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Value] = field(default_factory=dict)
    comment: str | None = None
    source: str = "chat"
    verified: bool = False
    duration: int | None = None  # seconds
    consent: str = ""


Claim = Callable[[bytes], bytes]


def keep(
    connection: Connection, unit: Unit, draft: Draft, random: Random, claim: Claim | None = None
) -> str:
    """Keep one response; its receipt code. `claim` makes of its leaf what shows whose it is."""
    row = _row(unit, draft, random)
    connection.execute(_INSERT, {**row, "claim": claim(row["leaf"]) if claim else None})
    tallies.add_unfolded(connection, unit.id, row["id"])
    return receipts.code(row["leaf"])


def rows_of(unit: Unit, drafts: Sequence[Draft], random: Random) -> list[dict[str, Any]]:
    """What many responses of one unit are kept as."""
    return [_row(unit, draft, random) for draft in drafts]


def change(
    connection: Connection,
    unit: Unit,
    row: Any,
    draft: Draft,
    random: Random,
    claim: Claim | None = None,
) -> str:
    """Put what a draft says in the place of a kept response, under a new salt; its new code.

    Its id, day, slot and times stay. It must be out of the tallies: `reports.stored.amending.edit`;
    and is folded anew.
    """
    said = _said(unit, draft, row.local_date, random)
    said["claim"] = claim(said["leaf"]) if claim else None
    connection.execute(update(_r).where(_r.c.id == row.id).values(said))
    tallies.add_unfolded(connection, unit.id, row.id)
    return receipts.code(said["leaf"])


def _row(unit: Unit, draft: Draft, random: Random) -> dict[str, Any]:
    day, slot = _when(draft.at, unit)
    said = _said(unit, draft, day, random)
    return {
        **said,
        "id": random(12).hex(),
        "unit_id": unit.id,
        "local_date": day,
        "slot": slot,
        "submitted_at": draft.at if isinstance(draft.at, int) else None,
    }


def _said(unit: Unit, draft: Draft, day: date, random: Random) -> dict[str, Any]:
    salt = random(16)
    return {
        "service": draft.service,
        "instrument": draft.instrument,
        "questionnaire": draft.questionnaire,
        "channel": draft.channel,
        "source": draft.source,
        "verified": draft.verified,
        "duration": draft.duration,
        "consent": draft.consent,
        "answers": dict(draft.answers),
        "profile": dict(draft.profile),
        "extra": dict(draft.extra),
        "comment": draft.comment,
        "salt": salt,
        "leaf": receipts.leaf(salt, counted_row(unit.code, draft, day)),
        "claim": None,
    }


def _when(at: int | date, unit: Unit) -> tuple[date, str]:
    """The unit's local day and the annex's time slot, "" where no time is known."""
    if isinstance(at, date):
        return at, ""
    local = local_time(at, unit.timezone)
    return local.date(), "morning" if local.hour < NOON else "afternoon"


def counted_row(unit: str, draft: Any, local_date: date) -> dict[str, object]:
    """What a receipt commits to (`storage.answers.receipts.leaf`), of a draft or of a kept row."""
    of = draft.service, draft.instrument, draft.source, draft.verified
    day = {"local_date": local_date.isoformat()}
    return {"answers": dict(draft.answers), **day, **_beside(unit, *of)}


def _beside(
    unit: str | None, service: str, instrument: str, source: str, verified: bool
) -> dict[str, object]:
    return {
        "unit": unit,
        "service": service,
        "version": instrument,
        "source": source,
        "verified": verified,
    }


def leaves(codes: Mapping[int, str]) -> Callable[..., list[bytes]]:
    """Makes the leaves of many kept rows anew, of columns: their salts, answers as JSON, days, unit
    ids, services, instruments, sources, and whether verified. What several rows say is written
    once. `codes`: of the units."""

    @cache
    def first(answers: str) -> bytes:
        return receipts.encoded({"answers": decode(answers)})[:-1] + b","

    @cache
    def second(day: str) -> bytes:
        return receipts.encoded({"local_date": day})[1:-1] + b","

    @cache
    def rest(unit_id: int, service: str, instrument: str, source: str, verified: Any) -> bytes:
        of = service, instrument, source, bool(verified)
        return receipts.encoded(_beside(codes.get(unit_id), *of))[1:]

    def made(salts: Sequence[bytes], answers: Sequence[str], days: Any, *of: Any) -> list[bytes]:
        # "answers" is the first of the sorted keys, "local_date" the second.
        parts = map(first, answers), map(second, map(str, days)), map(rest, *of)
        rows = zip(salts, *parts, strict=True)
        return [receipts.hashed(salt, one + two + more) for salt, one, two, more in rows]

    return made


_NUMBER = select(func.count()).where(
    _r.c.unit_id == bindparam("unit"),
    _r.c.instrument == bindparam("instrument"),
    _r.c.local_date.between(bindparam("first"), bindparam("last")),
)
_WORDS = (
    select(_r.c.comment, _r.c.extra)
    .where(
        _r.c.unit_id == bindparam("unit"),
        _r.c.instrument == bindparam("instrument"),
        _r.c.local_date.between(bindparam("first"), bindparam("last")),
    )
    .order_by(_r.c.id)  # random, so that no order of time is told
)
_HAS_WORDS = or_(_r.c.comment.is_not(None), cast(_r.c.extra, String).like('%"text": "%'))
_DROP_WORDS = (
    update(_r)
    .where(_r.c.id == bindparam("this"))
    .values(comment=None, extra=bindparam("rest", type_=_r.c.extra.type))
)
_FOUND = select(_r).where(_r.c.leaf.between(bindparam("low"), bindparam("high")))
_LOCKED = _FOUND.with_for_update()


def found(connection: Connection, leaves: tuple[bytes, bytes], *, lock: bool = False) -> Any | None:
    """The response with a leaf in this range (`storage.answers.receipts.leaves_of`), as its row.

    With `lock` nobody changes or erases it until the transaction ends.
    """
    low, high = leaves
    return connection.execute(_LOCKED if lock else _FOUND, {"low": low, "high": high}).first()


def number(connection: Connection, unit_id: int, instrument: str, first: date, last: date) -> int:
    """How many responses to an instrument there are of these local days (both included)."""
    params = {"unit": unit_id, "instrument": instrument, "first": first, "last": last}
    return int(connection.execute(_NUMBER, params).scalar_one())


def written(
    connection: Connection, unit_id: int, instrument: str, first: date, last: date
) -> list[tuple[Unmasked | None, dict[str, Unmasked]]]:
    """The comment of each response, and its other texts by their keys; in random order."""
    params = {"unit": unit_id, "instrument": instrument, "first": first, "last": last}
    return [
        (
            Unmasked(row.comment) if row.comment else None,
            {
                key: Unmasked(said["text"])
                for key, said in row.extra.items()
                if isinstance(said, dict) and said["text"]
            },
        )
        for row in connection.execute(_WORDS, params)
    ]


def with_words(connection: Connection, before: date) -> list[str]:
    """Ids of some responses of earlier days that hold what somebody wrote."""
    query = select(_r.c.id).where(_r.c.local_date < before, _HAS_WORDS).limit(AT_ONCE)
    return list(connection.execute(query).scalars())


def drop_words(connection: Connection, ids: Sequence[str]) -> int:
    """What these say in words; that they said something stays in tallies. Their number."""
    query = select(_r.c.id, _r.c.extra).where(_r.c.id.in_(ids)).with_for_update()
    rows = [
        {
            "this": row.id,
            "rest": {
                key: {**said, "text": None} if isinstance(said, dict) else said
                for key, said in row.extra.items()
            },
        }
        for row in connection.execute(query)
    ]
    if rows:
        connection.execute(_DROP_WORDS, rows)
    return len(rows)
