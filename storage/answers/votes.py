"""One voice per person, unit, service and period, or one per visit, without keeping who.

A voice is HMAC-SHA256 under a key made for that unit and period. The key is random, never derived
(a derived one could not be destroyed, and a chat id is found by trying all), and is destroyed 14
days after the period, together with the voices, which mean nothing without it. Under the same key a
response carries its claim, by which the chat that gave it, and no other, may have it erased.
"""

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from typing import Any, Protocol

from sqlalchemy import Connection, bindparam, delete, func, select, update

from flows.loader import SKM
from storage.chat.conversations import Conflict
from storage.database import destroyed
from storage.database.upsert import insert_once, table_of
from storage.periods import Period, parse
from storage.tables import PeriodKey, Response, Unit, Voice
from storage.vault import Random, SecretUnfit, Vault

KEPT = timedelta(days=14)

_voice, _key, _response = table_of(Voice), table_of(PeriodKey), table_of(Response)
_unit = table_of(Unit)
# Waits for whoever changes the kind of its periods (`storage.units`), and for nobody else.
_KIND = (
    select(_unit.c.period)
    .where(_unit.c.id == bindparam("unit"))
    .with_for_update(read=True, key_share=True)
)
_KEY = select(_key.c.sealed).where(
    _key.c.unit_id == bindparam("unit"), _key.c.period == bindparam("period")
)
_NEWEST = select(_key).order_by(_key.c.destroy_after.desc()).limit(100)
_KEYS = select(_key.c.period, _key.c.sealed).where(_key.c.unit_id == bindparam("unit"))
_CAST = select(_voice.c.hash).where(
    _voice.c.unit_id == bindparam("unit"),
    _voice.c.period == bindparam("period"),
    _voice.c.hash == bindparam("hash"),
)
_RETRACT = delete(_voice).where(
    _voice.c.unit_id == bindparam("unit"),
    _voice.c.period == bindparam("period"),
    _voice.c.hash == bindparam("hash"),
)
_DROP_VOICES = delete(_voice).where(
    _voice.c.unit_id == bindparam("unit"), _voice.c.period == bindparam("period")
)
_UNTIL = (_response.c.unit_id == bindparam("unit"), _response.c.local_date <= bindparam("last"))
# Not all of the past again and again.
_DROP_CLAIMS = update(_response).where(*_UNTIL, _response.c.claim.is_not(None)).values(claim=None)
_DROP_TIMES = (
    update(_response)
    .where(*_UNTIL, _response.c.submitted_at.is_not(None))
    .values(submitted_at=None)
)


class Voter(Protocol):
    """Whose voice it is: a person's, or a visit's (`storage.answers.visits`)."""

    @property
    def unit_id(self) -> int: ...

    def hash(self, key: bytes) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Person:
    """A voice's owner within one unit and period. `address` is channel ":" opaque id; `survey` is
    `flows.instrument.Instrument.survey`: who answers two of them has a voice in each."""

    address: str
    unit_id: int
    service: str
    survey: str = SKM

    def hash(self, key: bytes) -> bytes:
        return self._keyed(key)

    def claim(self, key: bytes, leaf: bytes) -> bytes:
        """What shows that this person gave the response with this leaf, while the key is there."""
        return self._keyed(key, "claim|", "|" + leaf.hex())

    def _keyed(self, key: bytes, before: str = "", after: str = "") -> bytes:
        said = "|".join((self.address, str(self.unit_id), self.service))
        if self.survey != SKM:
            said += f"|{self.survey}"
        return hmac.digest(key, f"{before}{said}{after}".encode(), hashlib.sha256)


@dataclass(slots=True)
class Keys:
    """The keys of periods in one transaction, each read and opened once: by unit and period's
    name."""

    connection: Connection
    vault: Vault
    opened: dict[tuple[int, str], bytes] = field(default_factory=dict)

    def of(self, unit_id: int, period: Period) -> bytes | None:
        """None where none was made yet."""
        unit = (unit_id, period.name)
        if unit not in self.opened:
            params = {"unit": unit_id, "period": period.name}
            sealed = self.connection.execute(_KEY, params).scalar()
            if sealed is None:
                return None
            self.opened[unit] = self.vault.unseal(sealed, _label(*unit))
        return self.opened[unit]

    def some(self, unit_id: int, period: Period, random: Random) -> bytes:
        """The period's key, made where it is not there yet. From then on the kind of the unit's
        periods stays; raises Conflict where it was changed since the unit was read."""
        found = self.of(unit_id, period)
        if found is not None:
            return found
        if self.connection.execute(_KIND, {"unit": unit_id}).scalar() != period.kind:
            raise Conflict
        insert_once(
            self.connection,
            _key,
            unit_id=unit_id,
            period=period.name,
            sealed=self.vault.seal(random(32), _label(unit_id, period.name), random),
            destroy_after=period.last + KEPT,
        )
        made = self.of(unit_id, period)  # another process may have been first
        assert made is not None
        return made


def are_open(connection: Connection, vault: Vault) -> bool:
    """Whether any key is there. Raises SecretUnfit where the vault does not open the newest."""
    found = connection.execute(_NEWEST).all()
    for row in found:
        vault.unseal(row.sealed, _label(row.unit_id, row.period))
    return bool(found)


@dataclass(frozen=True, slots=True)
class Sealed:
    """How many period keys the secret opens, only the former one, or neither."""

    now: int
    former: int
    lost: int


def sealed(connection: Connection, vault: Vault) -> Sealed:
    found = Counter(_opener(vault, row) for row in connection.execute(select(_key)))
    return Sealed(found["now"], found["former"], found["lost"])


def reseal(connection: Connection, vault: Vault, random: Random) -> int:
    """Seal anew what only the former secret opens; the number of keys. Processes that have both
    secrets go on meanwhile."""
    rows = connection.execute(select(_key).with_for_update()).all()
    former = [row for row in rows if _opener(vault, row) == "former"]
    for row in former:
        label = _label(row.unit_id, row.period)
        anew = vault.seal(vault.unseal(row.sealed, label), label, random)
        connection.execute(update(_key).where(*_this(row)).values(sealed=anew))
    return len(former)


def drop_lost(connection: Connection, vault: Vault) -> int:
    """Destroy the keys that nothing opens any more, with their voices and claims; their number."""
    rows = connection.execute(select(_key).with_for_update()).all()
    lost = [row for row in rows if _opener(vault, row) == "lost"]
    for row in lost:
        _drop(connection, row)
        connection.execute(delete(_key).where(*_this(row)))
    return len(lost)


def _opener(vault: Vault, row: Any) -> str:
    for name, each in (("now", vault.without_former), ("former", vault)):
        with suppress(SecretUnfit):
            each.unseal(row.sealed, _label(row.unit_id, row.period))
            return name
    return "lost"


def _this(row: Any) -> tuple[Any, Any]:
    return _key.c.unit_id == row.unit_id, _key.c.period == row.period


def is_counted(keys: Keys, voter: Voter, period: Period) -> bool:
    """Whether this voice is in; makes no key."""
    key = keys.of(voter.unit_id, period)
    if key is None:
        return False
    params = {"unit": voter.unit_id, "period": period.name, "hash": voter.hash(key)}
    return keys.connection.execute(_CAST, params).first() is not None


def count(keys: Keys, voter: Voter, period: Period, random: Random, today: date) -> bool:
    """Take this voice: True the first time, False ever after. Raises Conflict (`Keys.some`)."""
    key = keys.some(voter.unit_id, period, random)
    return insert_once(
        keys.connection,
        _voice,
        unit_id=voter.unit_id,
        period=period.name,
        hash=voter.hash(key),
        written_on=today,
    )


def retract(keys: Keys, person: Person, period: Period) -> None:
    """Take a voice back: its response was given to another service after all."""
    key = keys.of(person.unit_id, period)
    if key is not None:
        params = {"unit": person.unit_id, "period": period.name, "hash": person.hash(key)}
        keys.connection.execute(_RETRACT, params)


def claims(keys: Keys, person: Person, period: Period, random: Random) -> Callable[[bytes], bytes]:
    """What makes a person's claim of a leaf, for a response of this period."""
    return partial(person.claim, keys.some(person.unit_id, period, random))


def is_claimed(
    connection: Connection, vault: Vault, person: Person, leaf: bytes, claim: bytes | None
) -> bool:
    """Whether the claim kept with a leaf is this person's; of a key that is gone nobody's."""
    if claim is None:
        return False
    kept = connection.execute(_KEYS, {"unit": person.unit_id})
    keys = [vault.unseal(row.sealed, _label(person.unit_id, row.period)) for row in kept]
    return any(hmac.compare_digest(person.claim(key, leaf), claim) for key in keys)


def numbers(connection: Connection) -> list[tuple[int, Period, int]]:
    """Unit id, period and number of voices of each key that is there."""
    cast = (_voice.c.unit_id == _key.c.unit_id) & (_voice.c.period == _key.c.period)
    query = (
        select(_key.c.unit_id, _key.c.period, func.count(_voice.c.hash))
        .select_from(_key.outerjoin(_voice, cast))
        .group_by(_key.c.unit_id, _key.c.period)
        .order_by(_key.c.unit_id, _key.c.period)
    )
    return [(row[0], parse(row[1]), row[2]) for row in connection.execute(query)]


def due(connection: Connection, today: date) -> list[tuple[int, str]]:
    """Unit id and period of the keys whose time has come."""
    rows = connection.execute(select(_key).where(_key.c.destroy_after < today))
    return [(row.unit_id, row.period) for row in rows]


def destroy_keys(
    connection: Connection, today: date, unseen: Collection[tuple[int, str]] = ()
) -> int:
    """Destroy the keys whose time has come, and with them the voices of that period, claims and
    exact times of its responses: nothing is left that could join one to a person. The number of
    keys destroyed.

    `unseen`: units and periods that the radar failed to look at; their times stay until it has.
    """
    rows = connection.execute(select(_key).where(_key.c.destroy_after < today)).all()
    for row in rows:
        _drop(connection, row)
        if (row.unit_id, row.period) not in unseen:
            drop_times(connection, row.unit_id, row.destroy_after - KEPT)
    if rows:
        destroyed.note(connection, destroyed.keys(today))
    return connection.execute(delete(_key).where(_key.c.destroy_after < today)).rowcount


def _drop(connection: Connection, row: Any) -> None:
    """The claims and voices under a key."""
    last = row.destroy_after - KEPT
    connection.execute(_DROP_CLAIMS, {"unit": row.unit_id, "last": last})
    connection.execute(_DROP_VOICES, {"unit": row.unit_id, "period": row.period})


def drop_times(connection: Connection, unit_id: int, last: date) -> None:
    """Drop the exact times of a unit's responses until that local day."""
    connection.execute(_DROP_TIMES, {"unit": unit_id, "last": last})


def _label(unit_id: int, period: str) -> str:
    return f"{unit_id}|{period}"
