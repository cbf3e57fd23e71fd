"""What stands behind the channel's own menu button in a chat with roles: its commands, in its
language. Made when it is sent, of the roles it has then; a chat without any is shown what everybody
is."""

import hashlib

from sqlalchemy import Connection

from bot.core.channel import CommandList
from bot.office.menu import EVERYBODY, listed, of_roles
from flows.loader import words
from storage.chat import outbox
from storage.chat.outbox import COMMANDS
from storage.office import roles


def refresh(connection: Connection, address: str, at: int) -> None:
    """A role of this chat has begun or ended, or it speaks another language. Once for each."""
    held = sorted((each.role, str(each.scope)) for each in roles.held(connection, address))
    now = f"{held} {roles.language(connection, address)}"
    key = f"{COMMANDS}:{address}:{at}:{hashlib.sha256(now.encode()).hexdigest()[:12]}"
    outbox.put(connection, key, COMMANDS, address, {}, at)


def made(connection: Connection, address: str) -> CommandList:
    """Empty: the chat is to be shown what everybody is."""
    commands = of_roles(connection, address)
    if not commands:
        return CommandList(())
    spoken = words(roles.language(connection, address))
    return CommandList(listed((*commands, *EVERYBODY), spoken))
