"""Citizens who answer a survey by webhook bodies, as Telegram would post them.

What they tap comes from the keyboard they were just sent, so any bot can be driven. The time they
need for that themselves (reading screens, writing bodies) is counted apart: it is not the bot's.
"""

import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from tests.bench.network import BOT, MESSAGE_ID, Network
from tests.bench.subject import Receive, Subject

_DATE = 1_795_000_000  # seconds since 1970, in November 2026
_updates = itertools.count(500_000_000)  # shared: no update id comes twice in a run


def read(body: bytes) -> dict[str, Any]:
    """The fields of a request body, JSON or form; `reply_markup` as an object, {} without one."""
    fields = json.loads(body) if body.startswith(b"{") else dict(parse_qsl(body.decode()))
    markup = fields.get("reply_markup") or {}
    fields["reply_markup"] = json.loads(markup) if isinstance(markup, str) else markup
    return fields


def _person(chat: int) -> dict[str, Any]:
    return {"id": chat, "first_name": "Warga", "username": f"warga{chat}"}


def _webhook(update: int, kind: str, event: dict[str, Any]) -> bytes:
    return json.dumps({"update_id": update, kind: event}, separators=(",", ":")).encode()


def command(update: int, chat: int, text: str) -> bytes:
    """The webhook body of a typed command."""
    length = len(text.split()[0])
    message = {
        "message_id": MESSAGE_ID - 1,
        "from": {**_person(chat), "is_bot": False, "language_code": "id"},
        "chat": {**_person(chat), "type": "private"},
        "date": _DATE,
        "text": text,
        "entities": [{"offset": 0, "length": length, "type": "bot_command"}],
    }
    return _webhook(update, "message", message)


def tap(update: int, chat: int, screen: dict[str, Any], place: int) -> bytes:
    """The webhook body of a tap on the button at `place` of a screen that was sent.

    ValueError when that screen has no such button: the bot's path is not what was said.
    """
    buttons = [
        button for row in screen["reply_markup"].get("inline_keyboard", []) for button in row
    ]
    if place >= len(buttons):
        raise ValueError(f"no button {place} among {len(buttons)} under: {screen['text']}")
    message = {
        "message_id": MESSAGE_ID,
        "from": BOT,
        "chat": {**_person(chat), "type": "private"},
        "date": _DATE,
        "edit_date": _DATE + 60,
        "text": screen["text"],
        "reply_markup": screen["reply_markup"],
    }
    query = {
        "id": str(4_000_000_000_000_000_000 + update),
        "from": {**_person(chat), "is_bot": False, "language_code": "id"},
        "message": message,
        "chat_instance": str(-3_000_000_000_000_000_000 - chat),
        "data": buttons[place]["callback_data"],
    }
    return _webhook(update, "callback_query", query)


@dataclass
class Crowd:
    """Drives one bot. `walls`: seconds from an update's arrival until its screen was sent;
    `own_cpu`: CPU seconds spent in here; `unanswered`: taps whose callback is not answered yet.
    """

    subject: Subject
    receive: Receive
    network: Network
    updates: Iterator[int] = _updates
    walls: list[float] = field(default_factory=list)
    own_cpu: float = 0.0
    unanswered: int = 0
    _screens: dict[int, dict[str, Any]] = field(default_factory=dict)

    async def survey(self, chat: int, taps: int | None = None) -> None:
        """One citizen from /start to thanks, or one who gives up after so many taps."""
        await self._turn(chat, self._start(chat))
        for turn, button in enumerate(self.subject.buttons[:taps]):
            # The higher two answers: a low one is asked why, which the peer knows nothing of.
            place = 2 + (chat + turn) % 2 if button is None else button
            await self._turn(chat, self._tap(chat, place))

    async def settle(self) -> None:
        """Wait until every callback is answered."""
        self._look()
        while self.unanswered:
            await self.network.more()
            self._look()

    async def _turn(self, chat: int, raw: bytes) -> None:
        self._screens.pop(chat, None)
        began = time.perf_counter()
        if await self.receive(raw):
            self.unanswered -= 1
        while not self._arrived(chat, began):
            await self.network.more()

    def _arrived(self, chat: int, began: float) -> bool:
        wall = time.perf_counter() - began
        self._look()
        if chat in self._screens:
            self.walls.append(wall)
        return chat in self._screens

    def _start(self, chat: int) -> bytes:
        began = time.thread_time()
        raw = command(next(self.updates), chat, self.subject.start)
        self.own_cpu += time.thread_time() - began
        return raw

    def _tap(self, chat: int, place: int) -> bytes:
        began = time.thread_time()
        raw = tap(next(self.updates), chat, self._screens[chat], place)
        self.unanswered += 1
        self.own_cpu += time.thread_time() - began
        return raw

    def _look(self) -> None:
        """Read what was sent since the last look."""
        began = time.thread_time()
        for method, body in self.network.sent:
            if method == "answerCallbackQuery":
                self.unanswered -= 1
            else:
                screen = read(body)
                self._screens[int(screen["chat_id"])] = screen
        self.network.sent.clear()
        self.own_cpu += time.thread_time() - began
