"""The peer: the nine questions as an ordinary aiogram 3 bot asks them, answers kept in memory only.

Written to be fast by aiogram's own means: only asynchronous filters (a synchronous one, a bare
state or `F.data == …`, runs in a thread of its own), no keyboard builder, no callback-data class,
and `feed_raw_update`, the shortest of its ways in. Its session is the stock one up to the socket.
"""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

from aiogram import Bot, Dispatcher, types
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.filters import CommandStart, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from aiohttp import FormData

from tests.bench.network import Network
from tests.bench.parts import Parts
from tests.bench.questions import CONSENT, QUESTIONS, THANKS
from tests.bench.subject import Receive, Subject

TOKEN = "42:TEST"


class Survey(StatesGroup):
    consent = State()
    asking = State()


async def start(message: Message, state: FSMContext) -> None:
    await state.set_data({})
    await state.set_state(Survey.consent)
    await message.answer(CONSENT, reply_markup=_keyboard([("Setuju, mulai", "yes")]))


async def agreed(callback: CallbackQuery, state: FSMContext) -> None:
    await state.set_state(Survey.asking)
    await _ask(callback, 0)


async def answered(callback: CallbackQuery, state: FSMContext) -> None:
    element, value = (callback.data or "").split(":")
    answers = await state.update_data({element: int(value)})
    if len(answers) < len(QUESTIONS):
        await _ask(callback, len(answers))
    else:
        await state.set_state(None)
        await _message(callback).edit_text(THANKS)
        await callback.answer()


def _message(callback: CallbackQuery) -> Message:
    assert isinstance(callback.message, Message)
    return callback.message


async def _ask(callback: CallbackQuery, place: int) -> None:
    element, title, question, choices = QUESTIONS[place]
    done, left = "▰" * (place + 1), "▱" * (len(QUESTIONS) - place - 1)
    text = f"{done}{left} {place + 1}/{len(QUESTIONS)} · {title}\n{question}"
    buttons = [(f"{value} {words}", f"{element}:{value}") for value, words in choices]
    await _message(callback).edit_text(text, reply_markup=_keyboard(buttons))
    await callback.answer()


def _keyboard(buttons: list[tuple[str, str]]) -> InlineKeyboardMarkup:
    rows = [[InlineKeyboardButton(text=text, callback_data=data)] for text, data in buttons]
    return InlineKeyboardMarkup(inline_keyboard=rows)


class CannedSession(AiohttpSession):
    """The stock session with the socket replaced: same request body, same reading of the answer."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self._network = network

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[Any],
        timeout: int | None = None,
    ) -> Any:
        body = await self.build_form_data(bot, method)().as_bytes()
        content = (await self._network.post(method.__api_method__, body)).decode()
        return self.check_response(bot, method, 200, content).result


@cache
def _build_models() -> None:
    """As aiogram does when it is imported alone; our wire leaves them unbuilt."""
    for name in types.__all__:
        if rebuild := getattr(getattr(types, name), "model_rebuild", None):
            rebuild(_types_namespace=vars(types))


def dispatcher() -> Dispatcher:
    _build_models()
    dp = Dispatcher(storage=MemoryStorage())
    dp.message.register(start, CommandStart())
    dp.callback_query.register(agreed, StateFilter(Survey.consent))
    dp.callback_query.register(answered, StateFilter(Survey.asking))
    return dp


def receiver(dp: Dispatcher, bot: Bot) -> Receive:
    async def receive(raw: bytes) -> None:
        await dp.feed_raw_update(bot, json.loads(raw))

    return receive


@asynccontextmanager
async def _open(network: Network) -> AsyncIterator[Receive]:
    async with Bot(TOKEN, session=CannedSession(network)) as bot:
        yield receiver(dispatcher(), bot)


PARTS: Parts = {
    "update validated": ((Update, "model_validate"),),
    "method objects built": (
        (Message, "answer"),
        (Message, "edit_text"),
        (CallbackQuery, "answer"),
        (sys.modules[__name__], "_keyboard"),
    ),
    "request bodies encoded": ((CannedSession, "build_form_data"), (FormData, "__call__")),
    "API answers read": ((CannedSession, "check_response"),),
}
PEER = Subject("bare aiogram, in memory", "/start", (0,) + (None,) * 9, PARTS, _open)
