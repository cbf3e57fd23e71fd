"""The question editor, for whoever may edit questions somewhere: what is asked in a place."""

import json

from bot.begin import Begin
from bot.desk import Desk
from bot.office import places
from bot.office.places import Row, Rows, reach
from flows.citizen.extra import EXTRA
from flows.form import Line
from flows.office.faults import short
from flows.opening import QUESTION, EditQuestions
from storage import publications, sights
from storage.publications import Made
from storage.sights import FIRST, Sight

VERSIONS = 9  # former ones that are offered
LABEL = 40  # characters of a question on a button


def edit_questions(desk: Desk, address: str, opening: EditQuestions, at: int) -> Begin | Line:
    if not places.held(desk, address):
        return Line("role.none")
    rows = places.offered(desk, address, "")
    if opening.scope:
        named = places.named(desk, address, opening.scope)
        if named is None:
            return Line("question.denied")
        rows = [named]
    said = f" {opening.scope}" if opening.scope else ""
    said += f" #{opening.since}" if opening.since else ""
    begin = Begin("question", "1", Line("resume.question"), QUESTION + said)
    begin.offered["units"] = rows
    if len(rows) == 1:
        begin.answers["units"] = rows[0]["id"]
    if opening.since:
        _restoring(desk, address, begin, rows[0], opening.since)
    return begin


def _restoring(desk: Desk, address: str, begin: Begin, row: Row, since: str) -> None:
    """As if the history had been opened and that version been chosen."""
    scopes = reach(desk, address, row["scope"])
    now = sights.sight(desk.connection, scopes)
    begin.about.update(about(now, row))
    begin.offered["pick"] = question_rows(now)
    begin.offered["version"] = [{"id": since, "key": "question.version.before"}]
    begin.answers.update(pick="history", version=since)


def about(now: Sight, row: Row) -> dict[str, str]:
    """What the form knows of what is asked there (`flows.office.question_draft`)."""
    return {
        "base": now.asked.to_json(),
        "version": now.version,
        "services": json.dumps(now.services, ensure_ascii=False),
        "units": str(now.units),
        "name": row.get("label") or row.get("agency", ""),
        "place": row["scope"],
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
