"""What the database finds or refuses while an admin is in the question editor.

Everything is refused where it is answered (`Unfit`), so that no draft is lost; asked anew whether
this chat may edit questions there.
"""

from collections.abc import Callable

from bot.core.turns.turn_context import TurnContext
from bot.office.questions.question_editor import (
    LABEL,
    about,
    pick_rows,
    question_rows,
    state_of,
    version_rows,
)
from bot.office.questions.question_scope import Row, Rows, chosen, reach, sight_of, survey_of
from flows.engine.conversation import Conversation
from flows.engine.events import Found, Noted, Told, Unfit
from flows.engine.form import Choice, Line, cut
from flows.extra_question import Extra
from flows.loader import SKM
from flows.office.questions.change import wording_of
from flows.office.questions.draft import (
    ITEMS,
    OWN,
    QuestionState,
    asked_by,
    base,
    picked,
    placed,
    services,
)
from flows.office.questions.faults import followers, short
from flows.office.questions.texts import choice_texts, translation_of
from flows.survey.extra import EXTRA, MOST
from flows.survey.kinds import kind_of
from storage.questionnaire_snapshot import Sight

Reply = Found | Told | Noted | Unfit | None

DENIED = Told("question.denied")


def questions(context: TurnContext, conversation: Conversation, place: str) -> Reply:
    row = chosen(conversation)
    now = seen(context, conversation)
    if now is None:
        return DENIED
    if _is_known(conversation, now, row):
        return None
    kept = state_of(conversation, now)
    rows = pick_rows(context, now, row, kept)
    if now.asked.extras:
        return Found("pick", rows, about=about(now, row), kept=kept)
    none = Line("question.list.none", {"name": placed(about(now, row))})
    return Unfit("pick", none, about(now, row), {"pick": rows}, kept)


def seen(context: TurnContext, conversation: Conversation) -> Sight | None:
    """What is asked in the place that was chosen; None where this chat may not edit it."""
    row = chosen(conversation)
    scopes = reach(context, row["scope"])
    now = sight_of(context, scopes, row) if scopes else None
    return now if now and now.units else None


def _is_known(conversation: Conversation, now: Sight, row: Row) -> bool:
    known = conversation.about
    return (known.get("place"), known.get("version")) == (row["scope"], now.version)


def picked_up(context: TurnContext, conversation: Conversation, what: str) -> Reply:
    row = chosen(conversation)
    now = seen(context, conversation)
    if now is None:
        return DENIED
    if not _is_known(conversation, now, row):
        kept = state_of(conversation, now)
        rows = {"pick": pick_rows(context, now, row, kept)}
        return Unfit("pick", Line("question.list.changed"), about(now, row), rows, kept)
    return _WAYS[what](context, conversation, now) if what in OWN else None


def _add(context: TurnContext, conversation: Conversation, now: Sight) -> Reply:
    if now.units == 1 and len(base(conversation).extras) >= MOST:
        return Unfit("pick", Line("question.full", {"most": MOST}))
    return None


def _order(context: TurnContext, conversation: Conversation, now: Sight) -> Reply:
    asked = base(conversation)
    if len(asked.extras) < 2:
        return Unfit("pick", Line("question.order.few"))
    return Found("move", question_rows(asked))


def _history(context: TurnContext, conversation: Conversation, now: Sight) -> Reply:
    if QuestionState.of(conversation).drafted:
        return Unfit("pick", Line("question.send.first"))
    if "version" in conversation.offered:
        return None
    row = chosen(conversation)
    scopes = reach(context, row["scope"])
    rows = version_rows(context, scopes, now, survey_of(row))
    return Found("version", rows) if rows else Unfit("pick", Line("question.history.none"))


def _official(context: TurnContext, conversation: Conversation, now: Sight) -> Reply:
    if survey_of(chosen(conversation)) != SKM:
        return Unfit("pick", Line("question.official.skm"))
    rows = [{"id": id, "label": label} for id, label in now.services.items()]
    return Found("service", rows) if rows else Unfit("pick", Line("question.service.none"))


_WAYS: dict[str, Callable[[TurnContext, Conversation, Sight], Reply]] = {
    "add": _add,
    "order": _order,
    "history": _history,
    "official": _official,
}


def acted(context: TurnContext, conversation: Conversation, act: str) -> Reply:
    """What others follow from stays, and keeps its answers, for as long as they do."""
    extra = picked(conversation)
    others = followers(base(conversation), extra.key) if extra else []
    if act in ("answers", "retire") and others:
        return Unfit("act", Line("question.followed", {"text": short(others[0])}))
    return None


def worded(context: TurnContext, conversation: Conversation, text: str) -> Reply:
    mine = picked(conversation)
    for other in base(conversation).extras:
        if other != mine and other.text.casefold() == text.casefold():
            return Unfit("text", Line("question.twice", {"text": short(other)}))
    return None


def earlier(context: TurnContext, conversation: Conversation, when: str) -> Reply:
    """What the question may depend on."""
    if when == "always":
        return None
    asked, rows = asked_by(conversation), Rows()
    if survey_of(chosen(conversation)) == SKM:  # what a low score is depends on the scale
        rows = [{"id": item.key, "key": asked.title_key(item)} for item in asked.items]
    if len(services(conversation)) > 1:
        rows.append({"id": "service", "key": "survey.service.title"})
    before = (e for e in _before(conversation) if kind_of(e).choices(e))
    rows += [{"id": EXTRA + e.key, "label": cut(short(e), LABEL)} for e in before]
    return Found("of", rows) if rows else Unfit("when", Line("question.when.nothing"))


def _before(conversation: Conversation) -> tuple[Extra, ...]:
    extras, mine = base(conversation).extras, picked(conversation)
    return extras[: extras.index(mine)] if mine else extras


def choices(context: TurnContext, conversation: Conversation, of: str) -> Reply:
    """The answers of what it depends on; None of an item, whose low scores are meant."""
    if of in ITEMS:
        return None
    if of == "service":
        rows = [{"id": id, "label": label} for id, label in services(conversation).items()]
        return Found("is", rows)
    meant = [extra for extra in base(conversation).extras if EXTRA + extra.key == of]
    offered = [_row(choice) for extra in meant for choice in kind_of(extra).choices(extra)]
    return Found("is", offered)


def _row(choice: Choice) -> dict[str, str]:
    label = choice.label.params.get("label", choice.label)  # "1 Tidak baik" is its "Tidak baik"
    assert isinstance(label, Line)
    if label.key == "=":
        return {"id": choice.id, "label": str(label.params["text"])}
    return {"id": choice.id, "key": label.key}


def translated(context: TurnContext, conversation: Conversation, text: str) -> Reply:
    extra, said = picked(conversation), conversation.answers["translation"]
    if extra is None or not isinstance(said, dict):
        return None
    read = translation_of(extra, str(conversation.answers["to_language"]), said["text"])
    return Unfit("translation", read) if isinstance(read, Line) else None


def moved(context: TurnContext, conversation: Conversation, key: str) -> Reply:
    texts = [short(extra) for extra in base(conversation).extras]
    labels = [cut(f"{n} · {text}", LABEL) for n, text in enumerate(texts, 1)]
    return Found("to", [{"id": str(n), "label": each} for n, each in enumerate(labels, 1)])


def since(context: TurnContext, conversation: Conversation, version: str) -> Reply:
    row = chosen(conversation)
    scopes = reach(context, row["scope"])
    if not scopes:
        return DENIED
    former = sight_of(context, scopes, row, int(version))
    return Noted(kept=QuestionState.of(conversation).but(former=former.asked.to_json()))


def items(context: TurnContext, conversation: Conversation, service: str) -> Reply:
    asked, said = asked_by(conversation), wording_of(base(conversation), service)
    rows = [
        {"id": item.key, "key": asked.title_key(item)}
        for item in asked.items
        if item.key not in said.without
    ]
    return Found("item", rows)


def reworded(context: TurnContext, conversation: Conversation, text: str) -> Reply:
    """For each value of the instrument one answer."""
    if not isinstance(conversation.answers["words"], dict):
        return None
    given, needed = len(choice_texts(text)), len(asked_by(conversation).values)
    if given == needed:
        return None
    return Unfit("words", Line("question.lines", {"given": given, "needed": needed}))
