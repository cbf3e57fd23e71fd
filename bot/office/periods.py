"""The periods of a unit in chat: what runs, what has ended, whose users are written, what is
closed: /periode."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection

from bot.core.new_conversation import Begin
from bot.core.turn_context import Desk
from bot.office import period_closing
from bot.office.period_overview import Periods, periods_of, span
from bot.office.unit_scope import OF_UNIT, allowed, unit_of, which_unit
from flows.engine.conversation import Conversation
from flows.engine.events import Found, Noted, Told, Unfit
from flows.engine.form import Line, Value, literal
from flows.engine.input_parsing import text_of
from flows.loader import words
from flows.of_unit import PERIOD
from flows.office.period import SHOWN, USERS, users_key
from flows.office.unit import number_of
from flows.period_name import period_row
from storage import units
from storage.index import sheets
from storage.office import permissions, roles, unit_changes
from storage.office.permissions import Action
from storage.units import Unit

MANY = 3_000  # responses that are counted at once

Written = Mapping[str, Value]


def show(desk: Desk, address: str, said: str, at: int) -> Begin | Line:
    """`said`: nothing, or a unit's code."""
    unit = which_unit(desk, address, PERIOD, said)
    if not isinstance(unit, Unit):
        return unit
    found = _periods(desk, unit, at)
    about = _about(found, roles.language(desk.connection, address))
    if not (may_do := _may_do(desk, address, found)):
        return literal(about[SHOWN])
    return Begin(
        "period",
        str(at),  # what it lists changes with time: never the very same again
        Line("resume.period"),
        f"{PERIOD} {unit.code}",
        about=about,
        offered={"do": may_do},
    )


def _periods(desk: Desk, unit: Unit, at: int) -> Periods:
    """Raises NotReady where responses are many."""

    def look(connection: Connection) -> Periods:
        return periods_of(connection, unit, at)

    first, last = span(unit, at)
    if not sheets.has_many(desk.connection, unit.id, first, last, MANY):
        return look(desk.connection)
    return desk.made_before(("periods", unit.code), look)


def _may_do(desk: Desk, address: str, found: Periods) -> list[dict[str, str]]:
    """Whoever is measured by the sample does not say how large it has to be."""
    users = [{"id": USERS, "key": "unit.field.users"}]
    may = permissions.may(desk.connection, address, "edit_units", found.unit)
    return [*found.to_close(), *(users if may else [])]


def chosen(
    desk: Desk, address: str, talk: Conversation, does: str, at: int
) -> Found | Noted | Told | Unfit:
    """The periods whose users may be written, or what the sheet of one will show."""
    unit = allowed(desk, address, PERIOD, talk)
    if unit is None:
        return Told("of_unit.denied", {"unit": talk.about["unit_name"]})
    if does != USERS:
        return period_closing.preview(desk, talk, unit, does, at)
    found = _periods(desk, unit, at)
    rows = [period_row(each.name) for each in found.with_users()]
    return Found("period", rows, about=_about(found, talk.language))


def fit(desk: Desk, address: str, talk: Conversation, said: str, at: int) -> Unfit | None:
    """Nobody answers who is no user."""
    number, period = number_of(said), str(talk.answers["period"])
    n = _periods(desk, unit_of(desk, talk), at).answers(period)
    if number is None or number >= n:
        return None
    return Unfit(USERS, Line("period.users.few", {"period": period, "n": n}))


def write(desk: Desk, address: str, talk: Conversation, given: Written, at: int) -> Told | Unfit:
    """Asked anew whether it may be; not where it is no longer what stood above the button."""
    unit = units.locked(desk.connection, talk.about[OF_UNIT])
    assert unit is not None, "units are never deleted"
    action: Action = "edit_units" if given["do"] == USERS else "run_periods"
    if not permissions.may(desk.connection, address, action, unit):
        return Told("of_unit.denied", {"unit": unit.name})
    if given["do"] != USERS:
        return period_closing.close(desk, address, talk, unit, str(given["do"]), at)
    return _users(desk, address, talk, unit, given, at)


def _users(
    desk: Desk, address: str, talk: Conversation, unit: Unit, given: Written, at: int
) -> Told | Unfit:
    period = str(given["period"])
    found = _periods(desk, unit, at)
    if period not in [each.name for each in found.with_users()]:
        return Told("period.users.closed", {"period": period}, [_again(unit)])
    now, key = _about(found, talk.language), users_key(period)
    if now[key] != talk.about[key]:
        return Unfit("confirm", Line("unit.moved"), about=now)
    new = {**unit.users, period: number_of(text_of(given[USERS]))}
    by = desk.vault.pseudonym(address)
    unit_changes.write(desk.connection, unit, {"users": new}, by, at, "edit_units")
    return Told("unit.saved", {"unit": unit.name}, [_again(unit)])


def _again(unit: Unit) -> dict[str, str]:
    return {"id": "again", "key": "period.again", "opening": f"{PERIOD} {unit.code}"}


def _about(found: Periods, language: str) -> dict[str, str]:
    """What the form's texts say of the unit, as it is now."""
    unit = found.unit
    users = {users_key(each.name): found.users(each) for each in found.with_users()}
    spoken = words(language)
    shown = "\n".join(spoken.line(line) for line in found.lines(spoken))
    return {OF_UNIT: unit.code, "unit_name": unit.name, SHOWN: shown, **users}


LOOKS: Mapping[str, Callable[..., Any]] = {"period_do": chosen, "period_users": fit}
