"""What a person meant by a unit's code, a service, an agency or "*", or the names near it; and by a
period's name."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Literal

from sqlalchemy import Connection

from bot.commands.refusal import Refused
from flows.operator_words import tr
from storage import units
from storage.database.connect import enumerated
from storage.office.roles import OF_A_UNIT, OF_AN_AGENCY, RoleName
from storage.periods import Period, parse
from storage.scope import EVERYTHING, Scope, written
from storage.units import Unit


def unit_of(connection: Connection, code: str) -> Unit:
    """The unit of that code. Raises Refused naming units that come near."""
    unit = units.by_code(connection, code)
    if unit is None:
        raise _unknown(connection, code, "unit", {u.code: u.name for u in _all(connection)})
    return unit


def service_of(unit: Unit, said: str) -> str:
    """The id of the unit's service of that id or name. Raises Refused naming those it has."""
    found = unit.service(said)
    if found is None:
        names = enumerated([f"{s['id']} ({s['label']})" for s in unit.services], 20)
        raise Refused(tr("{0} has no service “{1}”. It has: {2}.", unit.code, said, names))
    return found["id"]


def level_of(
    connection: Connection, level: Literal["agency", "region"], said: str
) -> tuple[str, list[Unit]]:
    """The agency or region as it is written, and its units. Raises Refused."""
    everyone = _all(connection)
    found = [unit for unit in everyone if getattr(unit, level).casefold() == said.casefold()]
    if not found:
        names = {getattr(unit, level): "" for unit in everyone}
        raise _unknown(connection, said, level, names, all_agencies=False)
    return getattr(found[0], level), found


def scope_of(connection: Connection, role: RoleName, given: str) -> Scope:
    """A role's scope as it is kept. `given`: a unit's code, an agency's name or "*"; with
    "unit:" or "agency:" before it, that alone is meant. Raises Refused."""
    kinds = ["unit"] if role in OF_A_UNIT else []
    kinds += ["agency", "everything"] if role in OF_AN_AGENCY else []
    found = [each for each in units.scopes_meant(connection, given) if each.kind in kinds]
    if len(found) > 1:
        both = " or ".join(f"“{scope}”" for scope in found)
        raise Refused(tr("“{0}” may mean more than one. Write {1}.", given, both))
    if found:
        return found[0]
    everyone = _all(connection)
    names = {unit.code: unit.name for unit in everyone} if role in OF_A_UNIT else {}
    if role in OF_AN_AGENCY:
        names |= {unit.agency: "" for unit in everyone}
    spelled, kind = written(given), " or ".join(k for k in kinds if k != "everything")
    raise _unknown(connection, spelled.name if spelled else given, kind, names)


def period_named(name: str) -> Period:
    """Raises Refused where there is none of that name."""
    try:
        return parse(name)
    except ValueError as fault:
        raise Refused(str(fault)) from None


def _all(connection: Connection) -> list[Unit]:
    return units.in_scope(connection, EVERYTHING)


def _unknown(
    connection: Connection,
    said: str,
    kind: str,
    names: dict[str, str],
    *,
    all_agencies: bool = True,
) -> Refused:
    if not _all(connection):
        return Refused(tr("There are no units yet. Import them first: skm import units FILE"))
    near = _near(said, names)
    star = " " + tr("“*” stands for all agencies.") if "agency" in kind and all_agencies else ""
    if not near:
        return Refused(tr("There is no {0} “{1}”.{2}", kind, said, star))
    return Refused(tr("There is no {0} “{1}”. Near it: {2}.{3}", kind, said, ", ".join(near), star))


def _near(said: str, names: dict[str, str]) -> list[str]:
    """Up to five of the keys that are like it, or whose name holds it."""
    folded = {key.casefold(): key for key in names}
    alike = get_close_matches(said.casefold(), folded, n=5, cutoff=0.6)
    found = [folded[key] for key in alike]
    found += [key for key, name in names.items() if _holds(f"{key} {name}", said.split())]
    return [f"{k} ({names[k]})" if names[k] else k for k in dict.fromkeys(found)][:5]


def _holds(text: str, words: Iterable[str]) -> bool:
    return all(word.casefold() in text.casefold() for word in words)
