"""The register of innovations in chat: what is in it, how an element fared, what is written."""

from collections.abc import Iterator, Mapping
from datetime import date

from bot.begin import Begin
from bot.desk import Desk
from bot.office.which_unit import OF_UNIT, allowed, unit_of, which_unit
from flows.conversation import Conversation
from flows.day import day_line
from flows.events import Told, Unfit
from flows.files import words
from flows.form import Line, Value
from flows.given import text_of
from flows.of_unit import INNOVATION
from flows.office.innovation import NEW, element_line, start_of
from flows.office.proof import proof_of
from flows.say import Words
from reports.before_after import BeforeAfter, Side, before_after
from reports.digest.words import cut, number
from reports.index import rounded
from storage import audit, innovations, roles
from storage.innovations import Innovation, Novelty
from storage.periods import local_date, zone
from storage.units import Unit

SHOWN = 8  # that are offered
LABEL = 40  # characters of a button

Rows = list[dict[str, str]]
Written = Mapping[str, Value]


def register(desk: Desk, address: str, said: str, at: int) -> Begin | Line:
    """`said`: nothing, or a unit's code."""
    unit = which_unit(desk, address, INNOVATION, said)
    if not isinstance(unit, Unit):
        return unit
    spoken = words(roles.language(desk.connection, address))
    known = innovations.of_unit(desk.connection, unit.id, SHOWN)
    return Begin(
        "innovation",
        str(at),  # what it lists changes with time: never the very same again
        Line("resume.innovation"),
        f"{INNOVATION} {unit.code}",
        about={OF_UNIT: unit.code, "unit_name": unit.name},
        offered={"which": [*(_row(each, spoken) for each in known), _NEW_ROW]},
    )


_NEW_ROW = {"id": NEW, "key": "innovation.new"}


def shown(desk: Desk, address: str, talk: Conversation, does: str, at: int) -> Told | None:
    """One that was chosen, before and after; None where it is to be taken out."""
    if does != "show":
        return None
    unit = allowed(desk, address, INNOVATION, talk)
    if unit is None:
        return Told("of_unit.denied", {"unit": talk.about["unit_name"]})
    found = innovations.one(desk.connection, unit.id, int(str(talk.answers["which"])))
    if found is None:
        return Told("innovation.gone")
    new, spoken = found.novelty, words(talk.language)
    figures = before_after(desk.connection, unit.id, new.element, new.started_on, _today(unit, at))
    return Told("innovation.shown", _said(new, figures, spoken))


def start(desk: Desk, address: str, talk: Conversation, said: str, at: int) -> Unfit | None:
    """A day that is still to come is asked for again: nothing has begun then."""
    today = _today(unit_of(desk, talk), at)
    if start_of({"text": said}) <= today:
        return None
    return Unfit("start", Line("day.to_come", {"today": day_line(today)}))


def write(desk: Desk, address: str, talk: Conversation, given: Written, at: int) -> Told:
    unit = allowed(desk, address, INNOVATION, talk)
    if unit is None:
        return Told("of_unit.denied", {"unit": talk.about["unit_name"]})
    if given["which"] == NEW:
        return _kept(desk, address, unit, given, at)
    return _removed(desk, address, unit, int(str(given["which"])), at)


def _kept(desk: Desk, address: str, unit: Unit, given: Written, at: int) -> Told:
    new = Novelty(
        str(given["element"]),
        " ".join(text_of(given["name"]).split()),
        text_of(given["what"]),
        start_of(given["start"]),
        proof_of(given["proof"]),
    )
    by = desk.vault.pseudonym(address)
    innovations.keep(desk.connection, unit.id, new, at, by)
    audit.note(desk.connection, at, by, "register_innovation", unit.code, None, _logged(new))
    return Told("innovation.kept", {"name": new.name, "unit": unit.name})


def _removed(desk: Desk, address: str, unit: Unit, id: int, at: int) -> Told:
    before = innovations.one(desk.connection, unit.id, id)
    if before is None or not innovations.remove(desk.connection, unit.id, id):
        return Told("innovation.gone")
    by = desk.vault.pseudonym(address)
    said = _logged(before.novelty)
    audit.note(desk.connection, at, by, "register_innovation", unit.code, said)
    return Told("innovation.removed", {"name": before.novelty.name})


def _logged(new: Novelty) -> dict[str, str]:
    return {"element": new.element, "name": new.name, "started_on": new.started_on.isoformat()}


def _row(each: Innovation, spoken: Words) -> dict[str, str]:
    since = spoken.line(day_line(each.novelty.started_on))
    return {"id": str(each.id), "label": cut(f"{each.novelty.name} · {since}", LABEL)}


def _said(new: Novelty, figures: BeforeAfter, spoken: Words) -> dict[str, str]:
    return {
        "name": new.name,
        "element": spoken.line(element_line(new.element)),
        "since": spoken.line(day_line(new.started_on)),
        "what": new.what,
        "before": _side(figures.before, spoken),
        "after": _side(figures.after, spoken),
        "verdict": "\n".join(spoken.line(line) for line in _verdict(figures)),
    }


def _side(side: Side | None, spoken: Words) -> str:
    if side is None:
        return spoken.line(Line("innovation.none"))
    mean, n = number(rounded(side.estimate.value, 2), spoken), side.estimate.n
    if side.ci95 is None:
        return spoken.line(Line("innovation.mean", {"mean": mean, "n": n}))
    low, high = (number(f"{end:.2f}", spoken) for end in side.ci95)
    return spoken.line(
        Line("innovation.mean.between", {"mean": mean, "low": low, "high": high, "n": n})
    )


def _verdict(figures: BeforeAfter) -> Iterator[Line]:
    """What the two allow to say; never that the one came of the other."""
    real = figures.change.real
    case = "few" if real is None else "real" if real else "unsure"
    yield Line(f"innovation.verdict.{case}")
    if any(side and side.ci95 for side in (figures.before, figures.after)):
        yield Line("digest.interval")


def _today(unit: Unit, at: int) -> date:
    return local_date(at, zone(unit.timezone))
