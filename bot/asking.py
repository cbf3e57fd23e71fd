"""The extra question editor, for whoever may edit questions somewhere."""

from bot.begin import Begin
from bot.desk import Desk
from flows.form import Line
from flows.opening import QUESTION, AddQuestion
from storage import permissions, questionnaires, roles
from storage.units import Unit

OFFERED = 20  # units that an admin is offered without typing a name
LISTED = 5  # extra questions that are shown to whoever adds one


def add_question(desk: Desk, address: str, opening: AddQuestion, at: int) -> Begin | Line:
    offered = permissions.units_where(desk.connection, address, "edit_questions")
    if not offered:
        return Line("role.none")
    return Begin(
        "question",
        "1",
        Line("resume.question"),
        QUESTION,
        about={"existing": _existing(desk, offered)},
        offered={"units": unit_rows(offered, offered)},
    )


def unit_rows(found: list[Unit], of: list[Unit]) -> list[dict[str, str]]:
    """Rows of the units found, under one that means every unit there is to choose from."""
    rows = [{"id": unit.code, "label": unit.name} for unit in found[:OFFERED]]
    if len(of) > 1:
        all_of_them = {"key": "question.units.all", "count": str(len(of))}
        rows.insert(0, {"id": roles.EVERYWHERE, **all_of_them})
    return rows


def _existing(desk: Desk, found: list[Unit]) -> str:
    """The first extra questions that are asked in any of these units, or nothing."""
    texts = {
        extra.text: None
        for questionnaire in sorted({unit.questionnaire for unit in found})
        for extra in questionnaires.get(desk.connection, questionnaire).extras
    }
    return " · ".join(text if len(text) <= 60 else text[:59] + "…" for text in list(texts)[:LISTED])
