"""The question editor, for whoever may edit questions somewhere: for which units, what they ask.

A place is one unit, an agency, or all that this chat may edit ("*"): thirty thousand units are
never all read.
"""

import json

from bot.begin import Begin
from bot.desk import Desk
from flows.conversation import Conversation
from flows.events import Found
from flows.extra import EXTRA
from flows.faults import short
from flows.form import Line
from flows.opening import QUESTION, EditQuestions
from storage import permissions, publications, sights, units
from storage.publications import Made
from storage.roles import EVERYWHERE
from storage.sights import FIRST, Sight

OFFERED = 20  # units that an admin is offered without typing a name
VERSIONS = 9  # former ones that are offered
LABEL = 40  # characters of a question on a button

Rows = list[dict[str, str]]


def edit_questions(desk: Desk, address: str, opening: EditQuestions, at: int) -> Begin | Line:
    held = permissions.scopes(desk.connection, address, "edit_questions")
    if not held:
        return Line("role.none")
    rows = place_rows(desk, held, "")
    if opening.scope:
        rows = [row for row in [*rows, *place_rows(desk, held, opening.scope, by_code=True)]
                if row["scope"].casefold() == opening.scope.casefold()][:1]  # fmt: skip
        if not rows:
            return Line("question.denied")
    begin = Begin("question", "1", Line("resume.question"), QUESTION, offered={"units": rows})
    if len(rows) == 1:
        begin.answers["units"] = rows[0]["id"]
    if rows and opening.since:
        _restoring(desk, address, begin, rows[0], opening.since)
    return begin


def _restoring(desk: Desk, address: str, begin: Begin, row: dict[str, str], since: str) -> None:
    """As if the history had been opened and that version been chosen."""
    scopes = reach(desk, address, row["scope"])
    now = sights.sight(desk.connection, scopes)
    begin.about.update(about(now, row))
    begin.offered["pick"] = question_rows(now)
    begin.offered["version"] = [{"id": since, "key": "question.version.before"}]
    begin.answers.update(pick="history", version=since)


def place_rows(desk: Desk, held: list[str], text: str, *, by_code: bool = False) -> Rows:
    """Rows of what may be edited: all of it, agencies and units whose names hold the text."""
    if by_code:
        unit = desk.unit(text)
        mine = unit and any(h in (EVERYWHERE, unit.agency, unit.code) for h in held)
        rows = [_unit_row(unit.code, unit.name)] if unit and mine else []
        return [*rows, *_agency_rows(sights.agencies(desk.connection, held, text, OFFERED))]
    found = {
        unit.code: unit.name
        for scope in held
        for unit in units.search(desk.connection, text, scope, OFFERED)
    }
    rows = [_unit_row(code, name) for code, name in sorted(found.items(), key=lambda u: u[1])]
    agencies = sights.agencies(desk.connection, held, text, OFFERED) if text else []
    agencies = [*agencies, *(h for h in held if len(held) > 1 and _is_agency(desk, h))]
    rows = [*_agency_rows(sorted({*agencies})), *rows[:OFFERED]]
    count = sights.count(desk.connection, held)
    if count > 1 and found:
        everything = {"id": EVERYWHERE, "key": "question.units.all", "count": str(count)}
        rows.insert(0, {**everything, "scope": EVERYWHERE})
    return rows


def _is_agency(desk: Desk, scope: str) -> bool:
    return scope != EVERYWHERE and desk.unit(scope) is None


def _unit_row(code: str, name: str) -> dict[str, str]:
    return {"id": code, "label": name, "scope": code}


def _agency_rows(agencies: list[str]) -> Rows:
    """By number: an agency's name may be longer than a button has room for."""
    return [
        {"id": f"agency-{number}", "key": "question.units.agency", "agency": name, "scope": name}
        for number, name in enumerate(agencies, 1)
    ]


def chosen(conversation: Conversation) -> dict[str, str]:
    """The row of the place that was chosen."""
    id = conversation.answers.get("units")
    rows = conversation.offered.get("units", [])
    return next((row for row in rows if row["id"] == id), {"id": "", "scope": ""})


def reach(desk: Desk, address: str, scope: str) -> list[str]:
    """The scopes that a place stands for, of those in which this chat may edit questions now."""
    held = permissions.scopes(desk.connection, address, "edit_questions")
    if scope == EVERYWHERE:
        return held
    if scope in held:
        return [scope]
    unit = desk.unit(scope)
    if unit is None:
        return [scope] if EVERYWHERE in held and scope else []
    may = permissions.may(desk.connection, address, "edit_questions", unit)
    return [unit.code] if may else []


def find_places(desk: Desk, address: str, conversation: Conversation, query: str, at: int) -> Found:
    held = permissions.scopes(desk.connection, address, "edit_questions")
    return Found("units", place_rows(desk, held, query) if held else [])


def about(now: Sight, row: dict[str, str]) -> dict[str, str]:
    """What the form knows of what is asked there (`flows.question_draft`)."""
    return {
        "base": now.asked.to_json(),
        "version": now.version,
        "services": json.dumps(now.services, ensure_ascii=False),
        "units": str(now.units),
        "name": row.get("label") or row.get("agency", ""),
        "scope": row["scope"],
        "agreed": "",
    }


def question_rows(now: Sight) -> Rows:
    return [{"id": EXTRA + e.key, "label": cut(short(e))} for e in now.asked.extras]


def version_rows(desk: Desk, scopes: list[str], now: Sight) -> Rows:
    """Former versions, the newest first; what is in force in a unit is none of them."""
    made = publications.history(desk.connection, scopes, VERSIONS)
    if not made:
        return []
    shown = made[1:] if now.units == 1 else made
    rows = [_version_row(each, several=now.units > 1) for each in shown]
    return [*rows, {"id": str(FIRST), "key": "question.version.first"}]


def _version_row(made: Made, *, several: bool) -> dict[str, str]:
    """Several units number their versions each by itself."""
    kind = "many" if several else "made"
    kind += ".noted" if made.note else ""
    said = {"number": str(made.number), "date": publications.day(made), "units": str(made.units)}
    return {"id": str(made.id), "key": f"question.version.{kind}", **said, "note": cut(made.note)}


def cut(text: str) -> str:
    return text if len(text) <= LABEL else text[: LABEL - 1] + "…"
