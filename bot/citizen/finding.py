"""Units for whoever is looking for one: what they typed, where they are, what they point at, and
what their chat is joined to anyway."""

from collections import Counter
from collections.abc import Sequence

from bot.core.turns.turn_context import TurnContext
from flows.engine.conversation import Conversation
from flows.engine.events import Found
from flows.engine.say import Words
from flows.engine.typed_words import tokens
from flows.loader import words
from flows.survey.find import BROWSE, QUERY
from flows.survey.state import is_submitted
from storage.chat import conversations, subscriptions
from storage.finding.browse import Branch, inside
from storage.finding.directory import Place
from storage.units import Unit

SHOWN = 8  # units offered at once
KNOWN = 3  # … before anything is typed

Row = dict[str, str]


def named(context: TurnContext, conversation: Conversation, query: str) -> Found:
    """Units by their name, or the regions for whoever chose to point."""
    if conversation.answers[QUERY] == BROWSE:
        return _opened(context, Branch())
    places, spoken = context.places(), words(conversation.language)
    name = _name(query, spoken)
    greets = not {*tokens(query)}.isdisjoint(spoken.listed("heard.greeting"))
    if greets and not name:
        return Found("unit", [], "find.welcome")
    return Found("unit", _rows(places.like(query, SHOWN) or places.like(name, SHOWN)), "find.none")


def _name(query: str, spoken: Words) -> str:
    """What somebody wrote, without the words around a name such as "saya tadi dari …"."""
    listed = (*spoken.listed("heard.greeting"), *spoken.listed("heard.beside_name"))
    beside = {*spoken.fillers, *listed}
    return " ".join(word for word in tokens(query) if word not in beside)


def near(context: TurnContext, conversation: Conversation, query: str) -> Found:
    """Nearest first and without a distance: several of them together would tell the place."""
    latitude, longitude = map(float, query.split())
    return Found("unit", _rows(context.places().near(latitude, longitude, SHOWN)), "find.none_near")


def within(context: TurnContext, conversation: Conversation, query: str) -> Found:
    """The smaller regions, or the units, inside the row that was chosen."""
    rows = conversation.offered.get(BROWSE, [])
    row = next((row for row in rows if row["id"] == query), {})
    return _opened(context, Branch(**{name: row.get(name, "") for name in Branch.__slots__}))


def _opened(context: TurnContext, branch: Branch) -> Found:
    found = inside(context.places().regions, branch)
    rows = [_row(each) for each in found if isinstance(each, Branch)]
    if not rows:
        units = [each for each in found if isinstance(each, Place)]
        return Found("unit", _rows(units), "find.none")
    if branch != Branch():
        rows.append({"id": "all", "key": "find.all"})
    return Found(BROWSE, rows)


def _row(branch: Branch) -> Row:
    names = {name: getattr(branch, name) for name in Branch.__slots__ if getattr(branch, name)}
    return {"id": branch.id, "label": branch.label, **names}


def known(context: TurnContext) -> list[Row]:
    """Units that this chat rated in the last minutes or wants to hear of: nothing else is kept
    that joins a chat to a unit. Each row begins its survey."""
    kept = conversations.load(context.connection, [context.address])[context.address]
    sent = [each.conversation for each in reversed(kept) if is_submitted(each.conversation)]
    codes = [each.about["unit"] for each in sent]
    codes += [row.code for row in subscriptions.of_chat(context.connection, context.address)]
    found = [context.unit(code) for code in list(dict.fromkeys(codes))[:KNOWN]]
    return [
        {"id": unit.code, "label": _label(unit), "opening": unit.code} for unit in found if unit
    ]


def _rows(found: Sequence[Place]) -> list[Row]:
    """Units of the same name also show their agency, or their code where the agency is the same."""
    called = Counter(_label(place) for place in found)
    whose = Counter(_label(place) + place.agency for place in found)
    rows = []
    for place in found:
        label = _label(place)
        if called[label] > 1:
            label += f" · {place.agency if whose[label + place.agency] == 1 else place.code}"
        rows.append({"id": place.code, "label": label})
    return rows


def _label(unit: Place | Unit) -> str:
    return f"{unit.name} · {unit.region}"
