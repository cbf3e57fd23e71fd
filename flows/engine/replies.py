"""What the database answers to an effect, and what that makes of the conversation.

A last word (`Told`) closes it. Anything else asks a step anew, and that is the one rule for all
that the database cannot take, be it in the middle (`Look`) or at the end (`Write`, `Submit`): what
was answered there is forgotten, a sentence says why, and nothing else is lost.
"""

from typing import Any

from flows.engine.conversation import Conversation
from flows.engine.events import Found, Noted, Told, Unfit
from flows.engine.form import Form, Line
from flows.engine.screen import ENDED

Reply = Found | Told | Noted | Unfit


def replied(
    form: Form, conversation: Conversation, reply: Reply
) -> tuple[Conversation, tuple[Line, ...]]:
    """The conversation as it is then, and the lines that say what happened."""
    match reply:
        case Found():
            return _found(form, conversation, reply)
        case Told():
            return _told(conversation, reply), ()
        case Noted():
            return _noted(conversation, reply), ()
        case Unfit():
            return _unfit(conversation, reply), (reply.why,)


def _found(
    form: Form, conversation: Conversation, found: Found
) -> tuple[Conversation, tuple[Line, ...]]:
    """New rows ask their step anew: what was chosen among others may not be there any more."""
    query = form.by_id[found.step].otherwise
    gone = (found.step,) if found.rows else (found.step, query)
    about = {**conversation.about, **found.about}
    now = _without(conversation, *gone).but(about=about, kept=_kept(conversation, found))
    if not found.rows:
        return now, (Line(found.none),)
    return now.but(offered={**now.offered, found.step: found.rows}), ()


def _noted(conversation: Conversation, noted: Noted) -> Conversation:
    about = conversation.about if noted.about is None else noted.about
    return conversation.but(about=about, kept=_kept(conversation, noted))


def _kept(conversation: Conversation, reply: Found | Noted | Unfit) -> dict[str, Any]:
    return conversation.kept if reply.kept is None else reply.kept.to_json()


def _told(conversation: Conversation, told: Told) -> Conversation:
    status = "finished" if conversation.is_open else conversation.status
    key = f"{told.key}.once" if told.secrets else told.key
    outcome = {"key": key, **told.params}
    offered = {**conversation.offered, ENDED: told.rows} if told.rows else conversation.offered
    return conversation.but(status=status, outcome=outcome, offered=offered)


def _unfit(conversation: Conversation, unfit: Unfit) -> Conversation:
    """Also its last answer: then it has not finished after all."""
    return _without(conversation, unfit.step).but(
        status="open",
        about={**conversation.about, **unfit.about},
        offered={**conversation.offered, **unfit.offered},
        kept=_kept(conversation, unfit),
    )


def _without(conversation: Conversation, *steps: str) -> Conversation:
    answers = {at: value for at, value in conversation.answers.items() if at not in steps}
    return conversation.but(answers=answers)
