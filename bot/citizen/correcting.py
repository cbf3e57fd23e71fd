"""Changing an answer in its grace time: the same response with other answers, under a new receipt.

There is exactly one response at any moment: the former one counts until the changed one has taken
its place in the same transaction. Its voice stays; where another service is named, it moves.
"""

from dataclasses import replace
from typing import Any

from bot.citizen import receipt_erase
from bot.citizen.receipt_check import submitted
from bot.core.dialogue import Dialogue
from bot.core.turns.new_conversation import Begin
from bot.core.turns.turn_context import TurnContext
from flows.commands import CHECK, CORRECT, ERASE, SUBSCRIBE
from flows.engine.conversation import Conversation
from flows.engine.ended import until
from flows.engine.events import Told
from flows.engine.form import Line
from flows.engine.screen import ENDED
from flows.loader import instrument
from flows.survey.state import SurveyState
from reports.comments.complaints import is_complaint
from reports.stored import amending
from storage.answers import erasing, receipts, responses, votes
from storage.answers.responses import Draft
from storage.answers.votes import Person
from storage.chat.conversations import Conflict
from storage.periods import Period, period_of
from storage.units import Unit

REVIEW = "review"  # asked again before a changed survey is sent
CHANGE = "change"  # the list of answers, shown at once


def begin(context: TurnContext, id: str) -> Begin | Line:
    """`id`: the conversation in which it was submitted; none: the last one."""
    sent = former(context, id)
    if isinstance(sent, Line):
        return sent
    return Begin(
        sent.form,
        sent.version,
        Line("resume.correct"),
        f"{CORRECT} {sent.id}",
        about=sent.about,
        answers={step: value for step, value in sent.answers.items() if step != REVIEW},
        offered={step: rows for step, rows in sent.offered.items() if step != ENDED},
        note=Line("survey.correcting"),
        kept=SurveyState.of(sent).but(corrects=sent.outcome["receipt"]),
        ends=until(sent),
        revisit=CHANGE,
    )


def former(context: TurnContext, id: str) -> Conversation | Line:
    """The survey that this chat submitted in that conversation, or else last; or why it cannot be
    changed any more."""
    lately = submitted(context)
    wanted = [each for each in lately if id in ("", each.id)]
    return wanted[-1] if wanted else Line("ended.over", {"command": ERASE})


def thanks(context: TurnContext, conversation: Conversation, receipt: str) -> Told:
    """What is said of a response that was kept, and what may follow, for how long."""
    unit = conversation.about["unit"]
    rows = [
        _edit(conversation.id),
        {"id": "withdraw", "key": "ended.withdraw", "opening": f"{ERASE} {receipt}"},
        {"id": "check", "key": "ended.check", "opening": f"{CHECK} {receipt}"},
    ]
    if context.is_known:
        rows.append({"id": f"news-{unit}", "key": "ended.news", "opening": f"{SUBSCRIBE} {unit}"})
    minutes = str(max(1, (until(conversation) - context.at) // 60))
    return Told(_thanks_key(conversation), {"receipt": receipt, "minutes": minutes}, rows)


def _thanks_key(conversation: Conversation) -> str:
    """Whoever writes something is told where complaints go: many are not known for one."""
    comment = conversation.answers.get("comment")
    if not isinstance(comment, dict):
        return "survey.thanks"
    return "survey.thanks.complaint" if is_complaint(comment["text"]) else "survey.thanks.comment"


def counted(context: TurnContext, conversation: Conversation, service: str) -> Told:
    """What is said to whoever gave their voice before: lately, it may be changed."""
    unit = conversation.about["unit"]
    lately = [
        each.id
        for each in submitted(context)
        if (each.about["unit"], each.answers["service"]) == (unit, service)
    ]
    return Told("survey.counted", rows=[_edit(id) for id in lately[-1:]])


def _edit(id: str) -> dict[str, str]:
    return {"id": "edit", "key": "ended.edit", "opening": f"{CORRECT} {id}"}


def is_own(context: TurnContext, conversation: Conversation, service: str) -> bool:
    """Whether the voice for this service is that of the response being changed; one of a visit
    is for any."""
    row = _row(context, conversation) if SurveyState.of(conversation).corrects else None
    return row is not None and (row.verified or row.service == service)


def correct(context: TurnContext, unit: Unit, conversation: Conversation, draft: Draft) -> Told:
    """Put the answers of a correction in the place of the former ones."""
    row = _row(context, conversation)
    if row is None:
        return Told("erase.already")
    if not erasing.is_of(context.connection, context.vault, context.address, row):
        return late(conversation)
    if context.at >= until(conversation):
        return late(conversation)
    # How long it took and how it was given say something of the first time, not of this one.
    draft = replace(draft, duration=row.duration, source=row.source, verified=row.verified)
    period = period_of(unit.period, row.local_date)
    own, new = (
        _person(context.address, unit, draft, service) for service in (row.service, draft.service)
    )
    if row.verified:
        own = new  # a visit's voice is for any service
    if new != own and votes.is_counted(context.keys, new, period):
        return Told("survey.counted")
    try:
        code = _replace(context, unit, row, draft, own, new, period)
    except amending.Published:
        return late(conversation)
    receipt_erase.forget(context, receipts.code(row.leaf))
    return thanks(context, conversation, code)


def late(conversation: Conversation) -> Told:
    return Told("survey.late", {"code": SurveyState.of(conversation).corrects})


def _replace(
    context: TurnContext,
    unit: Unit,
    row: Any,
    draft: Draft,
    own: Person,
    new: Person,
    period: Period,
) -> str:
    connection, random = context.connection, context.random
    claim = votes.claims(context.keys, new, period, random)
    code = amending.edit(connection, unit, row, draft, random, claim)
    if new != own:
        today = unit.day_at(context.at)
        if not votes.count(context.keys, new, period, random, today):
            raise Conflict  # another process was first: all of it again
        votes.retract(context.keys, own, period)
    return code


def _row(context: TurnContext, conversation: Conversation) -> Any | None:
    leaves = receipts.leaves_of(SurveyState.of(conversation).corrects)
    assert leaves is not None, "a correction names a receipt"
    return responses.found(context.connection, leaves, lock=True)


def _person(address: str, unit: Unit, draft: Draft, service: str) -> Person:
    return Person(address, unit.id, service, instrument(draft.instrument).survey)


DIALOGUE = Dialogue(CORRECT, ("/change", "/ubahjawaban"), menu="everybody", opens=begin)
