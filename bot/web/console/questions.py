"""Extra questions in the web console: what /pertanyaan does with them, at a desk.

All that is changed of a question is published as one version, as in the chat. What depends on
another extra question or on a service, official questions' words, translations and former versions
are the chat's alone.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from bot.core.turns.turn_context import TurnContext
from bot.web.console.fields import (
    CREATED,
    EDITED,
    SEEN,
    Choices,
    choice,
    element,
    elements,
    field,
    lines,
    place,
)
from bot.web.console.form_filling import Unfilled, fill, said
from bot.web.console.table import Data, Row, Table
from flows.commands import QUESTION
from flows.engine.form import Line
from flows.extra_question import Extra
from flows.office.questions.draft import ITEMS, MORE
from flows.survey.extra import EXTRA
from flows.survey.kinds import KINDS
from flows.survey.kinds.scale import GOOD
from storage import questionnaires
from storage.units import Unit

ALWAYS, OTHER = "always", "other"
DONE = ("question.published", "question.published.many")


def _whens(day: date) -> Choices:
    low = ((key, said(Line("console.when.low", {"item": name}))) for key, name in elements(day))
    always, other = said(Line("question.when.always")), said(Line("console.when.other"))
    return [(ALWAYS, always), *low, (OTHER, other)]


class Questions(Table):
    key = "questions"
    action = "edit_questions"
    creates = edits = ends = True
    searchable_fields = ("unit",)
    fields = (
        place("for_units", hint="for_units", **CREATED),
        field("unit_name", read_only=True, exclude_from_create=True),
        field("place", exclude_from_create=True),
        lines("text", required=True),
        choice("meaning", [(way, said(Line(f"console.meaning.{way}"))) for way in
                           ("same", "other")], required=True, **EDITED),
        choice("kind", [(kind, said(Line(f"question.kind.{kind}"))) for kind in KINDS],
               required=True),
        lines("choices", hint="choices", exclude_from_list=True),
        field("limits", hint="limits", exclude_from_list=True),
        element("when", _whens, required=True),
        choice("required", [(way, said(Line(f"console.required.{way}"))) for way in ("no", "yes")],
               required=True, exclude_from_list=True),
        field("note", hint="note", exclude_from_list=True, exclude_from_detail=True),
        SEEN,
    )  # fmt: skip

    def of(self, context: TurnContext, unit: Unit) -> list[Row]:
        asked = questionnaires.get(context.connection, unit.questionnaire)
        return [_row(unit, each, place) for place, each in enumerate(asked.extras, 1)]

    def add(self, context: TurnContext, data: Data) -> Line:
        """Of a place that is no unit the same change is made in each unit there."""
        given = {"pick": "add", "text": _text(data, "text"), **_answers(data), **_when(data)}
        return _publish(context, str(data["for_units"]), given, data)

    def change(self, context: TurnContext, row: Row, data: Data) -> Line:
        unit, _, key = row.id.partition("~")
        changes = [*_changes(row, data, EXTRA + key)]
        if not changes:
            return Line("question.change.none")
        kept = [{**each, "confirm": MORE} for each in changes[:-1]]
        first, *then = (*kept, changes[-1])
        return _publish(context, unit, first, data, then)

    def end(self, context: TurnContext, row: Row) -> Line:
        unit, _, key = row.id.partition("~")
        given = {"pick": EXTRA + key, "act": "retire", "confirm": "publish"}
        return fill(context, f"{QUESTION} {unit}", given, *DONE)


def _publish(
    context: TurnContext,
    place: str,
    given: dict[str, str],
    data: Data,
    then: Sequence[dict[str, str]] = (),
) -> Line:
    """The note is that of the version, so it comes with the last change."""
    *before, last = (given, *then)
    first, *rest = (*before, {**last, "note": _text(data, "note")})
    return fill(context, f"{QUESTION} {place}", first, *DONE, then=rest)


def _changes(row: Row, data: Data, key: str) -> Iterator[dict[str, str]]:
    """What makes another question of it comes last: it has another key then."""
    new = {name: _text(data, name) for name in ("text", "place", "when", "required", "kind",
                                                "choices", "limits")}  # fmt: skip
    old = {name: str(getattr(row, name) or "") for name in new}
    is_other = any(new[name] != old[name] for name in ("kind", "choices", "limits"))
    if new["place"] != old["place"]:
        yield {"pick": "order", "move": key, "to": new["place"], "confirm": "publish"}
    if (new["when"], new["required"]) != (old["when"], old["required"]):
        yield {"pick": key, "act": "when", **_when(data)}
    if new["text"] != old["text"]:
        meaning = "same" if is_other else _text(data, "meaning")
        said = {"text": new["text"], "meaning": meaning}
        yield {"pick": key, "act": "text", **said, "confirm": "publish"}
    if is_other:
        yield {"pick": key, "act": "answers", **_answers(data), **_asked(data)}


def _text(data: Data, name: str) -> str:
    return str(data.get(name) or "")


def _answers(data: Data) -> dict[str, str]:
    """A scale's words are its choices; without any it asks whether something is good."""
    scale = _text(data, "choices") or GOOD
    return {name: _text(data, name) for name in ("kind", "choices", "limits")} | {"scale": scale}


def _when(data: Data) -> dict[str, str]:
    when = _text(data, "when")
    if when == OTHER:
        raise Unfilled("when", Line("console.when.chat"))
    asked = {"when": ALWAYS} if when == ALWAYS else {"when": "only", "of": when}
    return {**asked, **_asked(data)}


def _asked(data: Data) -> dict[str, str]:
    skippable = "no" if data.get("required") == "yes" else "yes"
    return {"skippable": skippable, "confirm": "publish"}


def _row(unit: Unit, each: Extra, place: int) -> Row:
    of = each.asked.of if each.asked else ALWAYS
    return Row(
        id=f"{unit.code}~{each.key}",
        titled=f"{unit.name}: {each.text}",
        version=unit.questionnaire,
        unit_name=unit.name,
        place=str(place),
        text=each.text,
        meaning="same",
        kind=each.kind,
        choices="\n".join(each.choices) or None,
        limits=f"{each.limits[0]}-{each.limits[1]}" if each.limits else None,
        when=of if of in (ALWAYS, *ITEMS) else OTHER,
        required="yes" if each.required else "no",
        note=None,
    )
