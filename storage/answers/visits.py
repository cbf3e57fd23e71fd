"""Single-use visit links: each shows that a service was used that day, and not by whom.

A token is 39 bytes, 52 letters of base64url (so it has exactly one spelling): key id 1, unit's row
2–5, day 6–7, service 8–11, nonce 12, MAC 16 (HMAC-SHA256, cut). Nothing of it is kept when it is
made, but how many were made is counted (`issue`). Once used, a hash of it is a voice
(`storage.answers.votes`), under the key of the period in which its day lies: so it counts once,
also where it is used after that period.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, bindparam, func, select, update

from storage.answers.votes import KEPT
from storage.database.upsert import insert_once, table_of
from storage.periods import Period, period_of
from storage.tables import VisitsIssued
from storage.units import Unit
from storage.vault import Random, SecretUnfit, Vault

OPENS = timedelta(days=7)  # after its day, until when it may be opened: people answer at home
# The last one signs; links of the others are good too. Take one out and what it signed is void.
KEY_IDS = (1,)

_FIRST = date(2020, 1, 1)
_ANY = bytes(4)
_MAC = 16
_SIZE = 39

_v = table_of(VisitsIssued)
_MORE = (
    update(_v)
    .where(_v.c.unit_id == bindparam("unit"), _v.c.day == bindparam("of"))
    .values(number=_v.c.number + bindparam("more"))
)


@dataclass(frozen=True, slots=True)
class Visit:
    """`day`: the unit's local day. `service`: a digest of its id, or of any."""

    unit_id: int
    day: date
    service: bytes
    token: bytes

    def hash(self, key: bytes) -> bytes:
        """Its voice: one a visit, whoever's chat it is used in."""
        return hmac.digest(key, b"visit|" + self.token, hashlib.sha256)

    def is_of(self, service: str) -> bool:
        return self.service in (_ANY, _digest(service))

    def service_in(self, unit: Unit) -> str | None:
        """The id of the service it names; "" where it is any's, None where the unit has no such."""
        if self.service == _ANY:
            return ""
        return next((s["id"] for s in unit.services if self.is_of(s["id"])), None)

    def period(self, unit: Unit) -> Period:
        """The period under whose key its voice lies."""
        return period_of(unit.period, self.day)

    def opens(self, today: date) -> bool:
        return self.day <= today <= self.day + OPENS

    def counts(self, today: date) -> bool:
        """Whether a survey opened with it may still be sent: while the key of its period is sure
        to be there."""
        return self.day <= today <= self.day + KEPT


def make(vault: Vault, unit: Unit, service: str, day: date, random: Random) -> str:
    """A token for one visit to the unit on that local day. `service`: its id, "" for any."""
    said = b"".join(
        (
            bytes([KEY_IDS[-1]]),
            unit.id.to_bytes(4),
            (day - _FIRST).days.to_bytes(2),
            _digest(service) if service else _ANY,
            random(12),
        )
    )
    return base64.urlsafe_b64encode(said + _macs(vault, said)[0]).decode()


def issue(connection: Connection, unit_id: int, day: date, number: int) -> None:
    """Count so many links made for that local day: the unit's sheet says it."""
    insert_once(connection, _v, unit_id=unit_id, day=day, number=0)
    connection.execute(_MORE, {"unit": unit_id, "of": day, "more": number})


def number_issued(connection: Connection, unit_id: int, first: date, last: date) -> int:
    """How many links were made for these local days (both included)."""
    days = _v.c.day.between(first, last)
    query = select(func.coalesce(func.sum(_v.c.number), 0)).where(_v.c.unit_id == unit_id, days)
    return int(connection.execute(query).scalar_one())


def read(vault: Vault, token: str) -> Visit | None:
    """None for one that we did not make, or made under a key that is not accepted any more."""
    try:
        given = base64.b64decode(token, altchars=b"-_", validate=True)
    except ValueError:
        return None
    said, mac = given[:-_MAC], given[-_MAC:]
    if len(given) != _SIZE or said[0] not in KEY_IDS:
        return None
    if not any(hmac.compare_digest(mac, each) for each in _macs(vault, said)):
        return None
    day = _FIRST + timedelta(days=int.from_bytes(said[5:7]))
    return Visit(int.from_bytes(said[1:5]), day, said[7:11], given)


def seal(vault: Vault, visit: Visit) -> str:
    """What a conversation keeps of a visit until it is over. Of one visit always the same, by
    which the same link is known again."""
    nonce = hmac.digest(vault.key("visit nonce"), visit.token, hashlib.sha256)
    sealed = vault.seal(visit.token, "visit", lambda size: nonce[:size])
    return base64.urlsafe_b64encode(sealed).decode()


def unseal(vault: Vault, sealed: str) -> Visit | None:
    try:
        token = vault.unseal(base64.urlsafe_b64decode(sealed), "visit")
    except (SecretUnfit, ValueError):
        return None
    return read(vault, base64.urlsafe_b64encode(token).decode())


def _digest(service: str) -> bytes:
    return hashlib.sha256(service.encode()).digest()[:4]


def _macs(vault: Vault, said: bytes) -> list[bytes]:
    """Under the secret, and under the former one: its links are good as long as they ever were."""
    keys = vault.keys(f"visit {said[0]}")
    return [hmac.digest(key, said, hashlib.sha256)[:_MAC] for key in keys]
