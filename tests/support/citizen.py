"""Somebody with a phone: sends, taps, and waits for what the bot shows, never longer than needed.

rini = telegram.citizen()
await rini.send("/start U-BTM")          # back when the bot has shown something
await rini.tap("Setuju")                 # back when the bot has answered the tap
assert "2 dari 9" in rini.text
"""

import re
from collections.abc import Callable
from typing import Any

from tests.support import telegram_updates as updates
from tests.support.telegram_chat import Button, Chat, Message
from tests.support.telegram_front import Front
from tests.support.waiting import PATIENCE


class Citizen:
    """One private chat. Everything public may be used from any event loop."""

    def __init__(
        self, front: Front, run: Callable[..., Any], number: int, name: str, language: str
    ) -> None:
        self.id = number
        self._front, self._run = front, run
        self._me = updates.person(number, name, language)

    @property
    def chat(self) -> Chat:
        return self._front.chat(self.id)

    @property
    def text(self) -> str:
        """What the bot showed last, sent or edited; "" before it showed anything."""
        return self.chat.latest.text if self.chat.latest else ""

    @property
    def buttons(self) -> list[str]:
        """The labels under the newest message that has a keyboard."""
        return [button.label for button in self._keyboard().buttons]

    @property
    def messages(self) -> list[Message]:
        """All messages of the bot as they now stand, oldest first."""
        return list(self.chat.messages.values())

    @property
    def notices(self) -> list[str]:
        """The words shown over the chat when taps were answered."""
        return [words for words in list(self.chat.answers.values()) if words]

    @property
    def shown(self) -> int:
        """How often the bot has sent or edited a message here."""
        return self.chat.shown

    async def send(self, text: str, *, wait: bool = True) -> None:
        """Write a text; with `wait`, until the bot has shown something since."""
        await self.deliver(updates.message(self._me, text=text), wait=wait)

    async def photo(self, caption: str | None = None, *, wait: bool = True) -> None:
        """Send a photo; waits like `send`."""
        await self.deliver(updates.photo(self._me, caption), wait=wait)

    async def tap(self, label: str, *, on: Message | None = None, wait: bool = True) -> None:
        """Tap the button with this label on the newest keyboard, or on an older message.

        A label is meant exactly, or without its leading number or sign ("Mudah" for "3 Mudah"),
        or else by a part that only one label has. Waits until there is one; with `wait`, until
        the bot has answered the tap.
        """
        await self._run(self._tap(label, on, wait))

    async def press(self, data: str, *, on: Message | None = None, wait: bool = True) -> None:
        """Tap a button that holds any data, such as one of long ago."""
        await self._run(self._press(data, on or self._keyboard(), wait))

    async def deliver(self, update: dict[str, Any], *, wait: bool = True) -> None:
        """Inject an update of this chat; with `wait`, until the bot has shown something since."""
        await self._run(self._deliver(update, wait))

    async def sees(self, words: str, patience: float = PATIENCE) -> None:
        """Wait until the last shown text holds these words."""
        await self.wait(lambda: words in self.text, f"“{words}”", patience)

    async def wait(
        self, holds: Callable[[], bool], what: str = "it", patience: float = PATIENCE
    ) -> None:
        """Wait until this holds, looked at after each call of the bot in this chat."""
        await self._run(self._until(holds, what, patience))

    async def block(self) -> None:
        """Block the bot: it is told so, and what it sends here fails with 403."""
        self.chat.blocked = True
        await self.deliver(updates.membership(self._me, "kicked"), wait=False)

    async def unblock(self) -> None:
        self.chat.blocked = False
        await self.deliver(updates.membership(self._me, "member"), wait=False)

    async def _deliver(self, update: dict[str, Any], wait: bool) -> None:
        before = self.shown
        await self._front.inject(update)
        if wait:
            await self._until(lambda: self.shown > before, "an answer to a message")

    async def _tap(self, label: str, on: Message | None, wait: bool) -> None:
        def button() -> Button | None:
            return find(label, (on or self._keyboard()).buttons)

        await self._until(lambda: button() is not None, f"a button “{label}”")
        found = button()
        assert found is not None
        assert found.data is not None, f"“{found.label}” opens {found.url}, unheard by the bot"
        await self._press(found.data, on or self._keyboard(), wait)

    async def _press(self, data: str, on: Message, wait: bool) -> None:
        update = updates.tap(self._me, on.id, data, on.text)
        number, before = update["callback_query"]["id"], len(self.chat.calls)

        def is_answered() -> bool:
            """By webhook a tap is acknowledged before its screen is shown."""
            shows = not self._front.webhook.url or self.chat.has_shown(before)
            return shows and number in self.chat.answers

        await self._front.inject(update)
        if wait:
            await self._until(is_answered, f"the answer to a tap on {data}")

    async def _until(
        self, holds: Callable[[], bool], what: str, patience: float = PATIENCE
    ) -> None:
        try:
            await self.chat.waiting.until(holds, patience)
        except TimeoutError:
            last = [f"{call.method} {call.status}" for call in self.chat.calls[-6:]]
            raise AssertionError(
                f"citizen {self.id} waited {patience:g} s for {what}\n"
                f"sees: {self.text}\nbuttons: {self.buttons}\nlast calls: {last}"
            ) from None

    def _keyboard(self) -> Message:
        """The newest message with buttons: the one shown last if it has any."""
        shown = [*self.messages, *([self.chat.latest] if self.chat.latest else [])]
        return next((m for m in reversed(shown) if m.buttons), Message(0, ""))


def find(label: str, buttons: tuple[Button, ...]) -> Button | None:
    """The one button meant by a label; AssertionError if a part fits several."""
    for fits in (
        lambda text: text == label,
        lambda text: re.sub(r"^\W*\d*\W+", "", text) == label,
        lambda text: label in text,
    ):
        found = [button for button in buttons if fits(button.label)]
        assert len(found) < 2, f"“{label}” fits several buttons: {[b.label for b in found]}"
        if found:
            return found[0]
    return None
