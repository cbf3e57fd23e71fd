"""`skm tell`: tell who asked for it what a unit has improved."""

import time

import typer

from bot.commands.open_database import opened, reading
from bot.commands.refusal import Refused
from bot.commands.scope import unit_of
from bot.core.pseudonyms import OPERATOR
from bot.settings import load
from flows.engine.clean_text import tidy
from flows.operator_words import tr
from storage.chat import subscriptions
from storage.office import audit


def tell(code: str, text: str, yes: bool) -> None:
    """Shows how many chats it goes to and asks before it does. Raises Refused, DatabaseUnfit."""
    said = tidy(text)
    if not 0 < len(said) <= subscriptions.LONGEST:
        raise Refused(
            tr(
                "The text has {0} characters; write 1 to {1}, what was wrong and what is "
                "better now.",
                len(said),
                subscriptions.LONGEST,
            )
        )
    with opened(load()) as engine:
        with reading(engine) as connection:
            unit = unit_of(connection, code)
            number = subscriptions.number(connection, unit, int(time.time()))
        if number == 0:
            raise Refused(tr("Nobody has asked for news of {0} yet, so nobody is told.", unit.code))
        typer.echo(subscriptions.message(unit, said))
        if not yes and not typer.confirm(tr("Send this to {0} chats?", number), err=True):
            typer.echo(tr("Nothing was sent."))
            return
        with engine.begin() as connection:
            now = int(time.time())
            put = subscriptions.notify(connection, unit, said, now)
            after = {"text": said, "chats": put}
            audit.note(connection, now, OPERATOR, "tell", unit.scope, after=after)
    typer.echo(tr("{0:message is|messages are} on their way; skm run or skm work sends them.", put))
