"""What papers say besides figures: who signs them, passages of text, the letterhead.

Said once, for a unit or for all units of an agency; what a unit does not say, its agency says.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from sqlalchemy import Connection, and_, bindparam, delete, select

from storage.database.upsert import put_all, table_of
from storage.office_tables import PaperDetail as Row
from storage.scope import Scope
from storage.units import Unit

_d = table_of(Row)
_OF = select(_d.c.name, _d.c.text).where(
    _d.c.scope_kind == bindparam("kind"), _d.c.scope == bindparam("scope")
)
_LOGO = "logo"
_LOGOS = select(_d.c.scope_kind, _d.c.scope, _d.c.text).where(_d.c.name == _LOGO)
_LETTER = "letter/"


@dataclass(frozen=True, slots=True)
class PaperDetails:
    """`place`: where it is signed; `position` (jabatan), `person`, `rank` (pangkat/golongan), `nip`
    of who signs. `letter`: the number of the letter of one period. `address`: below the letterhead.
    `preface`, `background`: kata pengantar and latar belakang, a paragraph a line. `logo`: a PNG.
    """

    place: str = ""
    position: str = ""
    person: str = ""
    rank: str = ""
    nip: str = ""
    letter: str = ""
    address: str = ""
    preface: str = ""
    background: str = ""
    logo: bytes | None = None


SIGNATORY = ("position", "person", "rank", "nip")
NOTHING_SAID = PaperDetails()
TEXTS = tuple(field.name for field in fields(PaperDetails) if field.name != _LOGO)


def of_unit(connection: Connection, unit: Unit, period: str = "") -> PaperDetails:
    """`period`: its name, of whose letter the number is wanted. Who signs is one person, of the
    unit where it names one, else of its agency: nobody has another's NIP."""
    theirs, own = _kept(connection, Scope("agency", unit.agency)), _kept(connection, unit.scope)
    if own.get("person"):
        theirs = {name: text for name, text in theirs.items() if name not in SIGNATORY}
    elif theirs.get("person"):
        own = {name: text for name, text in own.items() if name not in SIGNATORY}
    return _details({**theirs, **own}, period)


def of_scope(connection: Connection, scope: Scope, period: str = "") -> PaperDetails:
    """What was said of just this unit or agency."""
    return _details(_kept(connection, scope), period)


def logos(connection: Connection, units: Iterable[Unit]) -> dict[str, bytes]:
    """By unit code, of those units that have one: their own, else their agency's."""
    rows = connection.execute(_LOGOS)
    kept = {Scope(row.scope_kind, row.scope): b64decode(row.text) for row in rows}
    found = {u.code: kept.get(u.scope) or kept.get(Scope("agency", u.agency)) for u in units}
    return {code: logo for code, logo in found.items() if logo}


def keep(
    connection: Connection, scope: Scope, said: Mapping[str, str | bytes | None], period: str = ""
) -> None:
    """`said`: fields of `PaperDetails`; what is empty is said no more. `period`: that of the
    letter's number."""
    texts = {_key(name, period): _text(value) for name, value in said.items()}
    here = {"scope_kind": scope.kind, "scope": scope.name}
    put_all(
        connection,
        _d,
        [{**here, "name": name, "text": text} for name, text in texts.items() if text],
    )
    for name in (name for name, text in texts.items() if not text):
        gone = and_(_d.c.scope_kind == scope.kind, _d.c.scope == scope.name, _d.c.name == name)
        connection.execute(delete(_d).where(gone))


def remove(connection: Connection, scope: Scope) -> None:
    """All that was said of it."""
    gone = and_(_d.c.scope_kind == scope.kind, _d.c.scope == scope.name)
    connection.execute(delete(_d).where(gone))


def _kept(connection: Connection, scope: Scope) -> dict[str, str]:
    rows = connection.execute(_OF, {"kind": scope.kind, "scope": scope.name})
    return {row.name: row.text for row in rows}


def _details(kept: Mapping[str, str], period: str) -> PaperDetails:
    texts = {name: kept.get(_key(name, period), "") for name in TEXTS}
    logo = kept.get(_LOGO)
    return PaperDetails(**texts, logo=b64decode(logo) if logo else None)


def _key(name: str, period: str) -> str:
    return f"{_LETTER}{period}" if name == "letter" else name


def _text(value: str | bytes | None) -> str:
    return b64encode(value).decode() if isinstance(value, bytes) else value or ""
