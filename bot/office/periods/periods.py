"""The periods of a unit in chat: what runs, what has ended, whose users are written, what is
closed: /periode."""

from sqlalchemy import Connection

from bot.core.dialogue import Dialogue
from bot.core.turns.new_conversation import Begin
from bot.core.turns.turn_context import TurnContext
from bot.office.periods import period_closing
from bot.office.periods.period_overview import Periods, periods_of, span
from bot.office.scope import allowed, which_unit
from flows.commands import PERIOD
from flows.engine.conversation import Answers, Conversation
from flows.engine.events import Found, Noted, Told, Unfit
from flows.engine.form import Line, literal
from flows.engine.input_parsing import text_of
from flows.formats import period_row
from flows.loader import words
from flows.office.period import PERIOD as PERIOD_FORM
from flows.office.period import SHOWN, USERS, users_key
from flows.office.unit import number_of
from storage import units
from storage.index import sheets
from storage.office import permissions, unit_changes
from storage.office.permissions import Action
from storage.units import Unit

MANY = 3_000  # responses that are counted at once


def show(context: TurnContext, said: str) -> Begin | Line:
    """`said`: nothing, or a unit's code."""
    unit = which_unit(context, PERIOD, said)
    if not isinstance(unit, Unit):
        return unit
    found = _periods(context, unit)
    about = _about(found, context.language)
    if not (may_do := _may_do(context, found)):
        return literal(about[SHOWN])
    return Begin(
        "period",
        str(context.at),  # what it lists changes with time: never the very same again
        Line("resume.period"),
        f"{PERIOD} {unit.code}",
        about=about,
        offered={"do": may_do},
    )


def _periods(context: TurnContext, unit: Unit) -> Periods:
    """Raises NotReady where responses are many."""

    def look(connection: Connection) -> Periods:
        return periods_of(connection, unit, context.at)

    first, last = span(unit, context.at)
    if not sheets.has_many(context.connection, unit.id, first, last, MANY):
        return look(context.connection)
    return context.made_before(("periods", unit.code), look)


def _may_do(context: TurnContext, found: Periods) -> list[dict[str, str]]:
    """Whoever is measured by the sample does not say how large it has to be."""
    users = [{"id": USERS, "key": "unit.field.users"}]
    may = permissions.may(context.connection, context.address, "edit_units", found.unit)
    return [*found.to_close(), *(users if may else [])]


def chosen(context: TurnContext, talk: Conversation, does: str) -> Found | Noted | Told | Unfit:
    """The periods whose users may be written, or what the sheet of one will show."""
    unit = allowed(context, PERIOD, talk)
    if isinstance(unit, Told):
        return unit
    if does != USERS:
        return period_closing.preview(context, talk, unit, does)
    found = _periods(context, unit)
    rows = [period_row(each.name) for each in found.with_users()]
    return Found("period", rows, about=_about(found, talk.language))


def fit(context: TurnContext, talk: Conversation, said: str) -> Unfit | None:
    """Nobody answers who is no user."""
    number, period = number_of(said), str(talk.answers["period"])
    n = _periods(context, context.unit_of(talk)).answers(period)
    if number is None or number >= n:
        return None
    return Unfit(USERS, Line("period.users.few", {"period": period, "n": n}))


def write(context: TurnContext, talk: Conversation, given: Answers) -> Told | Unfit:
    """Asked anew whether it may be; not where it is no longer what stood above the button."""
    unit = units.locked(context.connection, talk.about["unit"])
    assert unit is not None, "units are never deleted"
    action: Action = "edit_units" if given["do"] == USERS else "run_periods"
    if not permissions.may(context.connection, context.address, action, unit):
        return Told("of_unit.denied", {"unit": unit.name})
    if given["do"] != USERS:
        return period_closing.close(context, talk, unit, str(given["do"]))
    return _users(context, talk, unit, given)


def _users(context: TurnContext, talk: Conversation, unit: Unit, given: Answers) -> Told | Unfit:
    period = str(given["period"])
    found = _periods(context, unit)
    if period not in [each.name for each in found.with_users()]:
        return Told("period.users.closed", {"period": period}, [_again(unit)])
    now, key = _about(found, talk.language), users_key(period)
    if now[key] != talk.about[key]:
        return Unfit("confirm", Line("unit.moved"), about=now)
    new = {**unit.users, period: number_of(text_of(given[USERS]))}
    by = context.by
    unit_changes.write(context.connection, unit, {"users": new}, by, context.at, "edit_units")
    return Told("unit.saved", {"unit": unit.name}, [_again(unit)])


def _again(unit: Unit) -> dict[str, str]:
    return {"id": "again", "key": "period.again", "opening": f"{PERIOD} {unit.code}"}


def _about(found: Periods, language: str) -> dict[str, str]:
    """What the form's texts say of the unit, as it is now."""
    unit = found.unit
    users = {users_key(each.name): found.users(each) for each in found.with_users()}
    spoken = words(language)
    shown = "\n".join(spoken.line(line) for line in found.lines(spoken))
    return {"unit": unit.code, "unit_name": unit.name, SHOWN: shown, **users}


DIALOGUE = Dialogue(
    PERIOD,
    ("/period",),
    needs="run_periods",
    menu="roles",
    opens=show,
    form=PERIOD_FORM,
    looks={"period_do": chosen, "period_users": fit},
    writes=write,
)
