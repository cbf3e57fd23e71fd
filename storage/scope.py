"""What a role reaches: one unit, the units of one agency, or everything.

Theory. A unit's code and an agency's name are both chosen by people, so one text can be both. A
scope therefore carries its kind wherever it is kept, compared or passed on. Only what a person
types may have none; there both meanings are looked for (`storage.units.scopes_meant`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import false, or_, true

from storage.database.upsert import table_of
from storage.tables import Unit

ScopeKind = Literal["unit", "agency", "everything"]

_u = table_of(Unit)


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """`name`: a unit's code as it is kept, an agency's name, or "*" of everything."""

    kind: ScopeKind
    name: str

    def __str__(self) -> str:
        """As a conversation or a button keeps it: "unit:SAMSAT-BC", "agency:Pemprov X", "*"."""
        return self.name if self.kind == "everything" else f"{self.kind}:{self.name}"

    @property
    def is_unit(self) -> bool:
        return self.kind == "unit"


EVERYTHING = Scope("everything", "*")


def agency(name: str) -> Scope:
    return Scope("agency", name)


def written(text: str) -> Scope | None:
    """The scope whose `str` it is; capitals of its kind are no matter. None: it has no kind."""
    if text == str(EVERYTHING):
        return EVERYTHING
    kind, _, name = text.partition(":")
    match kind.casefold():
        case "unit" if name:
            return Scope("unit", name)
        case "agency" if name:
            return Scope("agency", name)
    return None


def kept(text: str) -> Scope:
    """As `written`, of what a conversation or a button keeps. Without a kind it means a unit: of
    what it may mean, the one with the least power."""
    return written(text) or Scope("unit", text)


def within(scopes: Sequence[Scope]) -> Any:
    """SQL: whether a unit lies in one of them."""
    if EVERYTHING in scopes:
        return true()
    codes = [scope.name.casefold() for scope in scopes if scope.kind == "unit"]
    agencies = [scope.name for scope in scopes if scope.kind == "agency"]
    either = [_u.c.folded_code.in_(codes)] if codes else []
    either += [_u.c.agency.in_(agencies)] if agencies else []
    return or_(*either) if either else false()


def columns(scope: Scope) -> dict[str, str]:
    """As a row has it."""
    return {"scope_kind": scope.kind, "scope": scope.name}


def of_row(row: Any) -> Scope:
    return Scope(row.scope_kind, row.scope)


def is_in(table: Any, scopes: Sequence[Scope]) -> Any:
    """SQL: whether a row's scope is one of these very ones."""
    these = [(table.c.scope_kind == each.kind) & (table.c.scope == each.name) for each in scopes]
    return or_(*these) if these else false()
