"""What a link or a command begins: a conversation, or just a sentence."""

from dataclasses import dataclass, field, replace

from bot import correcting, kept_here, receipt_check, receipt_erase
from bot.desk import Desk
from flows import opening as openings
from flows.conversation import Conversation
from flows.ended import CORRECTS
from flows.events import Opened
from flows.form import Line, Value, literal
from flows.opening import (
    AddQuestion,
    CheckReceipt,
    CorrectResponse,
    EraseResponse,
    FindUnit,
    Invitation,
    RateUnit,
    ShowKept,
    Subscribe,
    Unsubscribe,
)
from flows.screen import ENDED
from storage import permissions, questionnaires, roles, subscriptions, units
from storage.units import Unit

REVIEW = "review"  # asked again before a changed survey is sent
OFFERED = 20  # units that an admin is offered without typing a name
Sentence = Invitation | CheckReceipt | Subscribe | Unsubscribe | ShowKept
LISTED = 5  # extra questions that are shown to whoever adds one


@dataclass(frozen=True, slots=True)
class Begin:
    """A conversation to begin; `name` is what a person knows it by, `opening` what led to it."""

    form: str
    version: str
    name: Line
    opening: str = ""
    about: dict[str, str] = field(default_factory=dict)
    answers: dict[str, Value] = field(default_factory=dict)
    offered: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    note: Line | None = None

    def conversation(self, id: str, opened: Opened, language: str) -> Conversation:
        return Conversation(
            id,
            self.form,
            self.version,
            self.opening,
            language,
            began=opened.at,
            last=opened.at,
            about=dict(self.about),
            answers=dict(self.answers),
            offered=dict(self.offered),
            seen=(opened.id,),
        )


def resolve(desk: Desk, address: str, opened: Opened) -> Begin | Line:
    """What this opening means for this chat: a conversation to begin, or a sentence to say."""
    match openings.read(opened.opening):
        case RateUnit(code, service, survey):
            return _rate(desk, code, service, survey, opened.opening)
        case FindUnit(unknown):
            return _find(Line("unit_unknown") if unknown else None)
        case AddQuestion():
            return _question(desk, address)
        case EraseResponse(code):
            return _erase(desk, address, code)
        case CorrectResponse(conversation):
            return _correct(desk, address, conversation, opened.at)
        case other:
            return _said(desk, address, other, opened.at)


def _said(desk: Desk, address: str, opening: Sentence, at: int) -> Line:
    match opening:
        case Invitation(token):
            return _join(desk, token, address, at)
        case CheckReceipt(code):
            return receipt_check.checked(desk, code)
        case Subscribe(code):
            return _subscribe(desk, address, code, at)
        case Unsubscribe():
            ended = subscriptions.end(desk.connection, address)
            return Line("news.ended" if ended else "news.none")
        case ShowKept():
            return kept_here.told(desk, address, at, _scope)


def _rate(desk: Desk, code: str, service: str, survey: str, opening: str) -> Begin | Line:
    unit = desk.unit(code)
    if unit is None:
        return _find(Line("unit_unknown"))
    if survey:
        return _other_survey(desk, unit, survey, opening)
    return _survey(unit, service, opening)


def _find(note: Line | None) -> Begin:
    return Begin("find", "1", Line("resume.find"), note=note)


def _survey(unit: Unit, service: str, opening: str) -> Begin:
    named = unit.service(service) if service else None
    only = unit.services[0] if len(unit.services) == 1 else named
    return Begin(
        "survey",
        unit.questionnaire,
        literal(unit.name),
        opening,
        about={"unit": unit.code, "unit_name": unit.name},
        answers={"service": only["id"]} if only else {},
        offered={"service": unit.services},
    )


def _other_survey(desk: Desk, unit: Unit, survey: str, opening: str) -> Begin | Line:
    version = questionnaires.in_force(desk.connection, unit, survey)
    if version is None:
        return Line("survey.not_asked", {"unit_name": unit.name})
    begin = _survey(unit, "", opening)
    title = Line(f"{desk.questionnaire(version).instrument}.title")
    name = Line("resume.survey", {"survey": title, "unit_name": unit.name})
    return replace(begin, version=version, name=name, about={**begin.about, "survey_id": survey})


def _join(desk: Desk, token: str, address: str, at: int) -> Line:
    try:
        held = roles.join(desk.connection, token, address, at)
    except roles.InviteRefused as refused:
        return Line(f"role.invite.{refused.reason}")
    return Line(f"role.joined.{held.role}", {"scope": _scope(desk, held.scope)})


def _scope(desk: Desk, scope: str) -> Line:
    if scope == roles.EVERYWHERE:
        return Line("role.everywhere")
    unit = units.by_code(desk.connection, scope)
    return literal(unit.name if unit else scope)


def _question(desk: Desk, address: str) -> Begin | Line:
    offered = permissions.units_where(desk.connection, address, "edit_questions")
    if not offered:
        return Line("role.none")
    return Begin(
        "question",
        "1",
        Line("resume.question"),
        openings.QUESTION,
        about={"existing": _existing(desk, offered)},
        offered={"units": unit_rows(offered, offered)},
    )


def _erase(desk: Desk, address: str, code: str) -> Begin | Line:
    sealed = receipt_erase.sealed(desk, address, code)
    if isinstance(sealed, Line):
        return sealed
    opening = f"{openings.ERASE} {sealed}"
    return Begin("erase", "1", Line("resume.erase"), opening, about={"sealed": sealed})


def _correct(desk: Desk, address: str, id: str, at: int) -> Begin | Line:
    sent = correcting.former(desk, address, id, at)
    if isinstance(sent, Line):
        return sent
    return Begin(
        sent.form,
        sent.version,
        Line("resume.correct"),
        f"{openings.CORRECT} {sent.id}",
        about={**sent.about, CORRECTS: sent.outcome["receipt"]},
        answers={step: value for step, value in sent.answers.items() if step != REVIEW},
        offered={step: rows for step, rows in sent.offered.items() if step != ENDED},
        note=Line("survey.correcting"),
    )


def _subscribe(desk: Desk, address: str, code: str, at: int) -> Line:
    unit = desk.unit(code)
    if unit is None:
        return Line("unit_unknown")
    subscriptions.subscribe(desk.connection, address, unit, at)
    return Line("news.begun", {"unit": unit.name})


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
