"""An admin's change is published, if it still may be and what it was made on is still asked."""

from bot.core.dialogue import Dialogue
from bot.core.turns.turn_context import TurnContext
from bot.office.questions import question_lookups as look
from bot.office.questions.question_editor import about, edit_questions, pick_rows, state_of
from bot.office.questions.question_lookups import DENIED, seen
from bot.office.questions.question_scope import chosen, opening_of, reach, survey_of
from bot.office.questions.question_scope import find as find_places
from flows.commands import QUESTION
from flows.engine.conversation import Conversation
from flows.engine.events import Told, Unfit
from flows.engine.form import Line, Value, literal
from flows.loader import SKM, words
from flows.office.questions.change import Change, Several, changed, find, keyed
from flows.office.questions.difference import difference
from flows.office.questions.draft import (
    CONFIRMS,
    MORE,
    SEND,
    QuestionState,
    base,
    change_of,
    drafted,
    picked,
    published,
)
from flows.office.questions.editor import QUESTION_FORM
from flows.office.questions.faults import new_fault
from storage import publications, questionnaire_snapshot
from storage.office import audit
from storage.publications import Published, Stale, Unfitting
from storage.questionnaire_snapshot import Sight
from storage.scope import Scope

NAMED = 3  # units that are named where a change does not fit


def publish(
    context: TurnContext, conversation: Conversation, given: dict[str, Value]
) -> Told | Unfit:
    """Asked anew whether it may be: roles and questions may have changed meanwhile."""
    step = next(each for each in CONFIRMS if each in given)
    row = chosen(conversation)
    scopes, survey = reach(context, row["scope"]), survey_of(row)
    now = seen(context, conversation)
    if now is None:
        return DENIED
    change, key = change_of(QUESTION_FORM, conversation), context.random(4).hex()
    if change is None and given["pick"] != SEND:
        return _lost(conversation)
    if change is not None:
        change = keyed(change, key)
        if given[step] == MORE:
            return _draft(context, conversation, given, change, key, now)
    if kept := drafted(conversation):
        change = Several((*kept, *([change] if change else [])))
    if change is None:
        return _lost(conversation)
    known, by = conversation.about, context.by
    note = conversation.answers.get("note")
    said = note["text"] if isinstance(note, dict) else ""
    try:
        made = publications.publish(
            context.connection,
            scopes,
            change,
            known["version"],
            context.at,
            by,
            said,
            known["agreed"],
            survey,
        )
    except Stale:
        return _stale(conversation, step, now)
    except Unfitting as refused:
        return _unfitting(step, refused)
    if made is None:
        return Unfit(step, Line("question.change.none"))
    _log(context, scopes, survey, now, made, by, said)
    return _published(conversation, made)


def _draft(
    context: TurnContext,
    conversation: Conversation,
    given: dict[str, Value],
    change: Change,
    key: str,
    now: Sight,
) -> Unfit:
    """Keep it, and ask what else is to be changed."""
    before = base(conversation)
    after = changed(before, change)
    if after == before:
        return Unfit("confirm", Line("question.change.none"))
    if fault := new_fault(before, after, now.services):
        return Unfit("confirm", fault)
    state = QuestionState.of(conversation)
    state = state.but(drafted=[*state.drafted, {"given": given, "key": key}], former="")
    rows = pick_rows(context, now, chosen(conversation), state)
    return Unfit("pick", Line("question.kept"), offered={"pick": rows}, kept=state)


def _stale(conversation: Conversation, step: str, now: Sight) -> Told | Unfit:
    """Another admin was quicker: what became different, and the draft on top of it."""
    mine, state = picked(conversation), state_of(conversation, now)
    if mine and find(base(conversation.but(kept=state.to_json())), mine.key) is None:
        return _lost(conversation)
    different = difference(published(conversation), now.asked, now.services)
    why = Line("question.stale", {"changes": different})
    return Unfit(step, why, about(now, chosen(conversation)), kept=state)


def _lost(conversation: Conversation) -> Told:
    return Told("question.lost", rows=[_list(conversation)])


def _unfitting(step: str, refused: Unfitting) -> Unfit:
    if not refused.rest:
        return Unfit(step, refused.why)
    names = tuple(map(literal, refused.units[:NAMED]))
    why = Line(
        "question.unfit",
        {"count": len(refused.units), "names": names, "why": refused.why, "rest": refused.rest},
    )
    return Unfit(step, why, {"agreed": refused.mark})


def _published(conversation: Conversation, made: Published) -> Told:
    back = f"{opening_of(chosen(conversation))} #{made.before}"
    rows = [{"id": "questions-undo", "key": "question.undo", "opening": back}, _list(conversation)]
    if conversation.about["units"] != "1":
        return Told("question.published.many", {"count": str(made.units)}, rows)
    said = {"version": str(made.number), "unit": conversation.about["name"]}
    return Told("question.published", said, rows)


def _list(conversation: Conversation) -> dict[str, str]:
    opening = opening_of(chosen(conversation))
    return {"id": "questions-list", "key": "question.back", "opening": opening}


def _log(
    context: TurnContext,
    scopes: list[Scope],
    survey: str,
    before: Sight,
    made: Published,
    by: str,
    note: str,
) -> None:
    """What became of what: the questionnaires' versions, and the difference in words."""
    after = questionnaire_snapshot.sight(context.connection, scopes, survey=survey)
    lines = difference(before.asked, after.asked, before.services)
    was: dict[str, str | int] = {"id": before.version}
    now: dict[str, str | int] = {"id": after.version}
    now |= {"changes": " · ".join(map(words("id").line, lines))}
    if before.units == 1:
        was |= {"version": made.number - 1}
        now |= {"version": made.number}
    else:
        now |= {"units": made.units}
    if note:
        now |= {"note": note}
    if survey != SKM:
        now |= {"survey": survey}
    for scope in scopes:
        audit.note(context.connection, context.at, by, "edit_questions", scope, was, now)


DIALOGUE = Dialogue(
    QUESTION,
    needs="edit_questions",
    menu="roles",
    opens=edit_questions,
    form=QUESTION_FORM,
    looks={
        "scope": find_places,
        "questions": look.questions,
        "picked": look.picked_up,
        "acted": look.acted,
        "worded": look.worded,
        "earlier": look.earlier,
        "choices": look.choices,
        "translated": look.translated,
        "moved": look.moved,
        "since": look.since,
        "items": look.items,
        "reworded": look.reworded,
    },
    writes=publish,
)
