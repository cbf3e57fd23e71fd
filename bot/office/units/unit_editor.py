"""One unit changed in chat: what it is now, what may be chosen, and what is written: /unit."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot.core.dialogue import Dialogue
from bot.core.turns.new_conversation import Begin
from bot.core.turns.turn_context import TurnContext
from bot.office.scope import unit_in, which
from bot.office.units import unit_table
from flows.commands import UNIT
from flows.engine.conversation import Answers, Conversation
from flows.engine.events import Found, Told, Unfit
from flows.engine.form import Line
from flows.engine.input_parsing import text_of
from flows.formats import digits_of, indonesian, period_row
from flows.loader import words
from flows.office.unit import CLOSED, UNIT_FORM, UNKNOWN, number_of
from storage import units
from storage.files.unit_file import SERVICES, service_row
from storage.files.written_day import written_day
from storage.index import closed_periods
from storage.office import permissions, unit_changes
from storage.periods import ZONES as IANA
from storage.periods import Period, period_of, zone_name
from storage.scope import Scope
from storage.units import Unit, retired

AHEAD = 3  # periods whose users may be written: the one that runs and those that follow
LAST = date(2100, 1, 1)

Columns = dict[str, Any]


def edit(context: TurnContext, said: str) -> Begin | Line:
    """One unit, or the units of an agency or of all."""
    scope = which(context, UNIT, said)
    if not isinstance(scope, Scope):
        return scope
    unit = unit_in(context, scope)
    if unit is None:
        return unit_table.send(context, scope)
    about = _about(unit, context.at, context.language)
    return Begin("unit", str(context.at), Line("resume.unit"), f"{UNIT} {unit.code}", about=about)


def choices(context: TurnContext, talk: Conversation, field: str) -> Found | Unfit | None:
    """What may be chosen for a field, where the unit has it and not the form."""
    unit = context.unit_of(talk)
    if field == "zone" and closed_periods.with_keys(context.connection, [unit.id]):
        return Unfit("field", zone_kept(unit))
    if field == "users":
        return Found("period", [period_row(p.name) for p in periods(unit, context.at)])
    if field == "survey":
        ahead = periods(unit, context.at)[1].first
        return Found("until", [{"id": ahead.isoformat(), "label": digits_of(ahead)}])
    if field == "retire":
        if len(unit.services) == 1:
            return Unfit("field", Line("unit.retire.last"))
        return Found("retire", unit.services)
    return None


def service(context: TurnContext, talk: Conversation, label: str) -> Unfit | None:
    unit = context.unit_of(talk)
    if unit.service(label):
        return Unfit("add", Line("unit.add.twice", {"service": label}))
    if len(unit.services) >= SERVICES:
        params = {"number": len(unit.services) + 1, "most": SERVICES}
        return Unfit("add", Line("file.services.many", params))
    return None


def until(context: TurnContext, talk: Conversation, said: str) -> Unfit | None:
    """A day that has come would open it at once."""
    today = context.unit_of(talk).day_at(context.at)
    if said == UNKNOWN or later(said, today):
        return None
    return Unfit("until", Line("unit.until.unfit", {"text": said, "today": digits_of(today)}))


def write(context: TurnContext, talk: Conversation, given: Answers) -> Told | Unfit:
    """Not where the unit is no longer what stood above the button."""
    unit = units.locked(context.connection, talk.about["unit"])
    assert unit is not None, "units are never deleted"
    if not permissions.may(context.connection, context.address, "edit_units", unit):
        return Told("where.denied")
    now = _about(unit, context.at, talk.language)
    if now != talk.about:
        return Unfit("confirm", Line("unit.moved"), about=now)
    if given["field"] == "zone" and closed_periods.with_keys(context.connection, [unit.id]):
        return Unfit("field", zone_kept(unit))
    columns = _COLUMNS[str(given["field"])](unit, given, context.at)
    unit_changes.write(context.connection, unit, columns, context.by, context.at)
    again = {"id": "again", "key": "unit.again", "opening": f"{UNIT} {unit.code}"}
    return Told("unit.saved", {"unit": unit.name}, [again])


def zone_kept(unit: Unit) -> Line:
    return Line("unit.zone.kept", {"zone": zone_name(unit.timezone)})


def _users(unit: Unit, given: Answers, at: int) -> Columns:
    number = number_of(text_of(given["users"]))
    return {"users": {**unit.users, str(given["period"]): number}}


def _added(unit: Unit, given: Answers, at: int) -> Columns:
    """One that was retired comes back under its id, with its links and answers."""
    label = text_of(given["add"])
    former = unit.service_ever(label)
    taken = {each["id"] for each in (*unit.services, *unit.retired)}
    new = {**former, "label": label} if former else service_row(label, taken)
    return _services(unit, [*unit.services, new])


def _retired(unit: Unit, given: Answers, at: int) -> Columns:
    return _services(unit, [each for each in unit.services if each["id"] != given["retire"]])


def _services(unit: Unit, now: list[dict[str, str]]) -> Columns:
    return {"services": now, "retired": retired(unit.services, unit.retired, now)}


def _survey(unit: Unit, given: Answers, at: int) -> Columns:
    if given["survey"] != CLOSED:
        return {"closed_until": None}
    if given["until"] == UNKNOWN:
        return {"closed_until": date.max}
    today = unit.day_at(at)
    return {"closed_until": later(text_of(given["until"]), today)}


def later(said: str, today: date) -> date | None:
    """The day that was chosen or written, if it is later than today."""
    try:
        day = written_day(said, today, LAST)
    except ValueError:
        return None
    return day if day > today else None


_COLUMNS: Mapping[str, Callable[[Unit, Answers, int], Columns]] = {
    "hours": lambda unit, given, at: {"opening_hours": text_of(given["hours"])},
    "zone": lambda unit, given, at: {"timezone": IANA[str(given["zone"])]},
    "users": _users,
    "add": _added,
    "retire": _retired,
    "survey": _survey,
}


def _about(unit: Unit, at: int, language: str) -> dict[str, str]:
    """What the form's texts say of the unit, as it is now."""
    ahead = periods(unit, at)
    users = {f"users_{p.name}": _number(unit.users_in(p)) for p in ahead}
    now = words(language).line(Line("period.named", {"period": ahead[0].name}))
    return {
        "unit": unit.code,
        "unit_name": unit.name,
        "hours": unit.opening_hours or "–",
        "zone": zone_name(unit.timezone),
        "users": f"{now}: {users[f'users_{ahead[0].name}']}",
        "services": ", ".join(each["label"] for each in unit.services),
        "survey": words(language).line(survey_line(unit, at)),
        **users,
    }


def survey_line(unit: Unit, at: int) -> Line:
    """Whether its survey is open now."""
    until = unit.closed_until
    if until is None or not unit.is_closed(unit.day_at(at)):
        return Line("unit.survey.open")
    if until == date.max:
        return Line("unit.survey.closed")
    return Line("unit.survey.until", {"day": digits_of(until)})


def periods(unit: Unit, at: int) -> list[Period]:
    """Those whose users may be written."""
    found = [unit.period_at(at)]
    while len(found) < AHEAD:
        found.append(period_of(unit.period, date.fromordinal(found[-1].last.toordinal() + 1)))
    return found


def _number(users: int | None) -> str:
    return "–" if users is None else indonesian(str(users))


DIALOGUE = Dialogue(
    UNIT,
    needs="edit_units",
    menu="roles",
    opens=edit,
    form=UNIT_FORM,
    looks={"unit_choices": choices, "unit_service": service, "unit_until": until},
    writes=write,
)
