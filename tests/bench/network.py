"""Telegram with the wire cut off: keeps every request's bytes, answers each as the Bot API would.

Both sides of the comparison send through this, so neither pays for sockets and both get the same
answers. A post gives way once, as any network does; otherwise one citizen would finish a whole
survey before the next one's first tap is looked at.
"""

import asyncio
import json

MESSAGE_ID = 1001  # the one message of every chat that is edited screen after screen
BOT = {"id": 42, "is_bot": True, "first_name": "Survei Kepuasan", "username": "survei_bot"}
_KEYBOARD = [
    [{"text": f"{value} {words} mudah", "callback_data": f"procedure:{value}"}]
    for value, words in enumerate(["Tidak", "Kurang", "Cukup", "Sangat"], start=1)
]
_MESSAGE = {
    "message_id": MESSAGE_ID,
    "from": BOT,
    "chat": {"id": 7_000_000_001, "first_name": "Warga", "type": "private"},
    "date": 1_795_000_000,
    "text": "Pertanyaan 2 dari 9 · Prosedur\n"
    "Bagaimana pemahaman Saudara tentang kemudahan prosedur pelayanan di unit ini?",
    "reply_markup": {"inline_keyboard": _KEYBOARD},
}


def _ok(result: object) -> bytes:
    return json.dumps({"ok": True, "result": result}, separators=(",", ":")).encode()


ANSWERS = {
    "sendMessage": _ok(_MESSAGE),
    "editMessageText": _ok({**_MESSAGE, "edit_date": 1_795_000_060}),
    "answerCallbackQuery": _ok(True),
}


class Network:
    """`sent` holds (Bot API method, request body) in order; whoever reads it may empty it."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes]] = []
        self._more = asyncio.Event()

    async def post(self, method: str, body: bytes) -> bytes:
        """The response body to a request; KeyError for a method no survey needs."""
        self.sent.append((method, body))
        self._more.set()
        await asyncio.sleep(0)
        return ANSWERS[method]

    async def more(self) -> None:
        """Wait until something else is sent."""
        self._more.clear()
        await self._more.wait()
