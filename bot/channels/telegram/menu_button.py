"""What Telegram's menu button offers to everybody: set when skm starts, in each language that is
whole. A list of a chat's own goes before it (`bot.office.command_list`).

https://core.telegram.org/bots/api#determining-list-of-commands
"""

import logging

from bot.channels.telegram.channel import named
from bot.channels.telegram.poll import ask
from bot.channels.telegram.settings import TokenRefused
from bot.channels.telegram.wire import BadRequest, Wire
from bot.core.watch.hearing import Hearing
from bot.dialogues import DIALOGUES
from bot.office.menu import listed
from flows.loader import words

# Language → Telegram's code for it; "": for whoever speaks another.
LANGUAGES = {"id": "", "en": "en"}
PRIVATE = {"type": "all_private_chats"}  # the bot answers nowhere else

log = logging.getLogger(__name__)


async def offer(wire: Wire, hearing: Hearing) -> None:
    """Waits for Telegram however long that takes. A refusal is logged, and stops nothing."""
    for language, code in LANGUAGES.items():
        commands = named(listed(DIALOGUES.everybody, words(language)))
        fields = {"commands": commands, "scope": PRIVATE}
        try:
            fields |= {"language_code": code} if code else {}
            await ask(wire, hearing, "setMyCommands", fields)
        except BadRequest as fault:
            log.warning("the menu button's commands are not set: %s", fault)
        except TokenRefused:
            return  # whoever asks for updates says so, and stops
