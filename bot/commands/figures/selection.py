"""Whose responses a command means: a unit's, an agency's, a region's; of all services or of one."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.commands.refusal import Refused
from bot.commands.scope import level_of, service_of, unit_of
from flows.operator_words import tr
from reports.stored.overview import Scope
from storage import units
from storage.scope import EVERYTHING


@dataclass(frozen=True, slots=True)
class Whose:
    """As it was said; at most one of unit, agency and region."""

    unit: str | None = None
    agency: str | None = None
    region: str | None = None
    service: str | None = None
    verified: bool = False  # visits alone


def scope_of(connection: Connection, whose: Whose) -> tuple[str, Scope]:
    """What it is called, and the scope. Raises Refused naming what comes near."""
    name, scope = _units(connection, whose)
    if whose.verified:
        name, scope = f"{name} · {tr('verified visits')}", replace(scope, verified=True)
    if whose.service is None:
        return name, scope
    services = _services(scope, whose.service)
    meant = [unit for unit in scope.units if unit.id in services]
    return f"{name} · {whose.service}", Scope("service", meant, services, whose.verified)


def _units(connection: Connection, whose: Whose) -> tuple[str, Scope]:
    if whose.unit is not None:
        unit = unit_of(connection, whose.unit)
        return unit.name, Scope("unit", [unit])
    if whose.agency is not None:
        name, of_agency = level_of(connection, "agency", whose.agency)
        return name, Scope("agency", of_agency)
    if whose.region is not None:
        name, of_region = level_of(connection, "region", whose.region)
        return name, Scope("region", of_region)
    everyone = units.in_scope(connection, EVERYTHING)
    return tr("all units"), Scope("nation", everyone)


def _services(scope: Scope, said: str) -> dict[int, str]:
    """Unit id → the id of its service of that id or name."""
    found = {unit.id: unit.service_ever(said) for unit in scope.units}
    services = {unit: service["id"] for unit, service in found.items() if service}
    if not services and len(scope.units) == 1:
        service_of(scope.units[0], said)
    if not services:
        raise Refused(
            tr(
                "None of these {0:unit|units} has a service “{1}”. Write its id or name as in the "
                "units file.",
                len(scope.units),
                said,
            )
        )
    return services
