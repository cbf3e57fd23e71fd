"""What stands behind the channel's own menu button in a chat with roles, set anew: its commands, in
its language. Made when it is sent, of the roles it has then (`bot.office.menu`); a chat without any
is shown what everybody is."""

import hashlib

from sqlalchemy import Connection

from storage.chat import outbox
from storage.chat.outbox import COMMANDS
from storage.office import roles


def refresh(connection: Connection, address: str, at: int) -> None:
    """A role of this chat has begun or ended, or it speaks another language. Once for each."""
    held = sorted((each.role, str(each.scope)) for each in roles.held(connection, address))
    now = f"{held} {roles.language(connection, address)}"
    key = f"{COMMANDS}:{address}:{at}:{hashlib.sha256(now.encode()).hexdigest()[:12]}"
    outbox.put(connection, key, COMMANDS, address, {}, at)
