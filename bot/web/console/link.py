"""`/konsol`: a one-time link to the web console."""

from bot.core.dialogue import Dialogue
from bot.core.turns.turn_context import TurnContext
from flows.engine.form import Line
from flows.engine.secret import Secret
from storage.office import console_keys, permissions


def give(context: TurnContext, said: str) -> Line:
    if not permissions.scopes(context.connection, context.address, "open_console"):
        return Line("role.none")
    if not context.web:
        return Line("console.unreachable")
    token = console_keys.link(context.connection, context.address, context.at, context.random)
    url = f"{context.web}/console/login?token={token}"
    key = "console.link" if url.startswith("https:") else "console.link.here"
    return Line(key, {"url": Secret(url), "minutes": console_keys.LINK // 60})


DIALOGUE = Dialogue("/konsol", ("/console",), needs="open_console", menu="roles", opens=give)
