"""News of a unit's improvements, for whoever wants to hear of them: /kabari and /berhenti."""

from bot.core.dialogue import Dialogue
from bot.core.turns.turn_context import TurnContext
from flows.commands import SUBSCRIBE, UNSUBSCRIBE
from flows.engine.form import Line
from storage.chat import subscriptions


def subscribe(context: TurnContext, code: str) -> Line:
    unit = context.unit(code)
    if unit is None:
        return Line("unit_unknown")
    if not context.is_known:
        return Line("news.unreached")
    subscriptions.subscribe(context.connection, context.address, unit, context.at)
    return Line("news.begun", {"unit": unit.name})


def unsubscribe(context: TurnContext, said: str) -> Line:
    ended = subscriptions.end(context.connection, context.address)
    return Line("news.ended" if ended else "news.none")


DIALOGUES = (
    Dialogue(SUBSCRIBE, typed=False, opens=subscribe),
    Dialogue(
        UNSUBSCRIBE,
        ("/unsubscribe", "/stop", "/berhentikabar"),
        menu="everybody",
        opens=unsubscribe,
    ),
)
