"""Who may do what: one table. A role gives its actions in its scope, and nowhere else.

Asked where a form opens, so that nobody is offered what they may not do, and again at the moment of
the write: a role may have ended while a form was open.
"""

from collections.abc import Mapping
from typing import Literal

from sqlalchemy import Connection

from storage import units
from storage.office import roles
from storage.office.holders import Invitation
from storage.office.roles import OF_A_UNIT, OF_AN_AGENCY, Held, RoleName
from storage.scope import EVERYTHING, Scope
from storage.units import Unit

Action = Literal[
    "assist",
    "read_figures",
    "set_digest",
    "unfold_comments",
    "plan_follow_up",
    "edit_standards",
    "edit_questions",
    "edit_units",
    "import_responses",
    "run_periods",
    "sign_papers",
    "print_posters",
    "register_innovation",
    "give_roles",
    "read_log",
    "broadcast",
    "read_coverage",
    "open_console",
]

ALLOWED: Mapping[Action, frozenset[RoleName]] = {
    "assist": frozenset({"officer"}),
    "read_figures": frozenset({"head", "admin"}),
    "set_digest": frozenset({"head"}),
    "unfold_comments": frozenset({"head"}),
    "plan_follow_up": frozenset({"head", "admin"}),
    "edit_standards": frozenset({"head", "admin"}),
    "edit_questions": frozenset({"admin"}),
    "edit_units": frozenset({"admin"}),
    "import_responses": frozenset({"admin"}),
    "run_periods": frozenset({"head", "admin"}),
    "sign_papers": frozenset({"head", "admin"}),
    "print_posters": frozenset({"head", "officer", "admin"}),
    "register_innovation": frozenset({"head", "admin"}),
    "give_roles": frozenset({"head", "admin"}),
    "read_log": frozenset({"head", "admin"}),
    "broadcast": frozenset({"admin"}),
    "read_coverage": frozenset({"admin", "evaluator"}),
    "open_console": frozenset({"head", "admin", "evaluator"}),
}


# Which roles a role gives and ends, in its scope and below.
GIVES: Mapping[RoleName, frozenset[RoleName]] = {
    "head": frozenset({"head", "officer"}),
    "admin": frozenset({"head", "officer", "admin"}),
    "evaluator": frozenset(),
    "officer": frozenset(),
}
# … besides these by a national admin: no agency chooses who evaluates it.
GIVEN_FROM_ABOVE: frozenset[RoleName] = frozenset({"evaluator"})


def covers(held: Held, unit: Unit) -> bool:
    """Whether a unit lies in a role's scope."""
    match held.scope.kind:
        case "unit":
            return held.scope.name == unit.code
        case "agency":
            return held.scope.name == unit.agency
    return True


def may(connection: Connection, address: str, action: Action, unit: Unit) -> bool:
    """Whether this chat may do it in this unit."""
    return any(
        held.role in ALLOWED[action] and covers(held, unit)
        for held in roles.held(connection, address)
    )


def may_in(connection: Connection, address: str, action: Action, scope: Scope) -> bool:
    """Whether this chat may do it in the whole of a scope."""
    unit = _unit(connection, scope)
    return any(
        held.role in ALLOWED[action] and reaches(held, scope, unit)
        for held in roles.held(connection, address)
    )


def reaches(held: Held, scope: Scope, unit: Unit | None) -> bool:
    """Whether a scope, which is that unit or none, lies in a role's own."""
    return held.scope in (EVERYTHING, scope) or (unit is not None and covers(held, unit))


def scopes(connection: Connection, address: str, action: Action) -> list[Scope]:
    """The scopes in which this chat may do it, each once."""
    held = roles.held(connection, address)
    return sorted({each.scope for each in held if each.role in ALLOWED[action]})


def gives(connection: Connection, address: str, scope: Scope) -> list[RoleName]:
    """The roles that this chat may give and end in a scope."""
    unit = _unit(connection, scope)
    given: set[RoleName] = set()
    for held in roles.held(connection, address):
        if reaches(held, scope, unit):
            given |= GIVES[held.role]
            if (held.role, held.scope) == ("admin", EVERYTHING):
                given |= GIVEN_FROM_ABOVE
    return [role for role in (OF_A_UNIT if scope.is_unit else OF_AN_AGENCY) if role in given]


def is_backed(connection: Connection, invited: Invitation) -> bool:
    """Whether whoever gave it may give such a role still: their own may have ended, or the unit
    have moved to another agency."""
    return not invited.by or invited.role in gives(connection, invited.by, invited.scope)


def actions(connection: Connection, address: str) -> set[Action]:
    """What this chat may do in any unit."""
    held = {each.role for each in roles.held(connection, address)}
    return {action for action, allowed in ALLOWED.items() if not held.isdisjoint(allowed)}


def _unit(connection: Connection, scope: Scope) -> Unit | None:
    return units.by_code(connection, scope.name) if scope.is_unit else None


def units_where(connection: Connection, address: str, action: Action) -> list[Unit]:
    """The units in which this chat may do it, each once, by name."""
    found = {
        unit.id: unit
        for scope in scopes(connection, address, action)
        for unit in units.in_scope(connection, scope)
    }
    return sorted(found.values(), key=lambda unit: unit.name)
