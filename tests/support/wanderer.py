"""A citizen as citizens are: changes answers, goes back, taps old buttons, leaves; and knows what
was said last.

    rini = Wanderer(telegram.citizen(), Random(1))
    await rini.go("SMST-BTM")
    rini.counted                       # {1: "3", … 9: ""} once sent; None: nothing of it counts

It reads what is shown, as a person does, and shares no code with the bot.
"""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from random import Random

from tests.support import telegram_updates as updates
from tests.support.citizen import Citizen
from tests.support.telegram_chat import Button

LEAVES = 0.01  # the chance of leaving, at every screen
TRIES = 600
NOT_APPLICABLE = "Tidak berlaku"
_AT = re.compile(r"Pertanyaan (\d) dari 9")

Said = dict[int, str]  # question 1..9 → "1".."4", "" for "tidak berlaku"


@dataclass
class Wanderer:
    """With `impatience` (seconds) a button that does nothing is tapped again: skm may be dead.
    With a `plan` it answers exactly that, straight to the end, whatever is shown how often."""

    citizen: Citizen
    chance: Random
    impatience: float | None = None
    plan: Said | None = None
    said: Said = field(default_factory=dict)
    counted: Said | None = None
    receipts: list[str] = field(default_factory=list)
    old: list[tuple[int, Button]] = field(default_factory=list)  # of this conversation
    taps: int = 0
    waits: list[tuple[float, float]] = field(default_factory=list)  # begun at, seconds until shown
    changes: int = 3  # that it still makes after sending

    @property
    def last(self) -> list[str]:
        """What is told where something was lost: the last messages, as they now stand."""
        return [message.text for message in self.citizen.messages[-3:]]

    async def go(self, unit: str) -> None:
        await self._open(f"/start {unit}")
        while (self.plan or self.chance.random() > LEAVES) and await self._on():
            pass
        if self.plan and not self.receipts:  # what was sent last was passed over
            await self.go(unit)

    async def _on(self) -> bool:
        """One screen further; False at the end."""
        shown = {button.label: button for button in self._buttons()}
        text = self.citizen.text
        if at := _AT.search(text):
            await self._question(int(at[1]), shown)
        elif "Jawaban mana" in text:
            await self._tap(self.chance.choice([b for b in shown.values() if b.label[0].isdigit()]))
        elif "Kirim" in shown:
            await self._review(shown)
        elif "tanda terima" in text.casefold():
            return await self._sent(shown)
        elif "Ya, hapus" in shown:
            await self._withdraw(shown)
        elif not shown:
            return False
        else:
            await self._tap(self._onward(shown))
        return True

    def _onward(self, shown: dict[str, Button]) -> Button:
        """Agree, name the service, pass over what may be passed over; sometimes back."""
        ways = ("Setuju, mulai", "Lewati semua", "Lewati", *shown)
        if "‹ Kembali" in shown and not self.plan and self.chance.random() < 0.1:
            return shown["‹ Kembali"]
        return shown[next(way for way in ways if way in shown)]

    async def _question(self, at: int, shown: dict[str, Button]) -> None:
        options = [b for b in shown.values() if b.label[0].isdigit() or b.label == NOT_APPLICABLE]
        if self.plan:
            begins = self.plan[at] or NOT_APPLICABLE
            await self._answer(at, next(b for b in options if b.label.startswith(begins)))
            return
        luck = self.chance.random()
        if luck < 0.05 and "‹ Kembali" in shown:
            await self._tap(shown["‹ Kembali"])
        elif luck < 0.1 and self.old:
            await self._answer(*self.chance.choice(self.old))
        elif luck < 0.15 and self.impatience is None:
            value = self.chance.choice("1234")
            await self.citizen.send(value)
            self.said[at] = value
        else:
            self.old += [(at, option) for option in options]
            await self._answer(at, self.chance.choice(options))

    async def _answer(self, at: int, option: Button) -> None:
        await self._tap(option)
        self.said[at] = "" if option.label == NOT_APPLICABLE else option.label[0]

    async def _review(self, shown: dict[str, Button]) -> None:
        changes = not self.plan and self.chance.random() < 0.2
        await self._tap(shown["Ubah" if changes else "Kirim"])
        self._receipt()

    def _receipt(self) -> None:
        """The thanks may come later than the tap is answered, where the platform refused them."""
        _, is_there, receipt = self.citizen.text.partition("tanda terima:\n")
        if is_there and receipt[:24] not in self.receipts:
            self.counted = dict(self.said)
            self.receipts.append(receipt[:24])

    async def _sent(self, shown: dict[str, Button]) -> bool:
        self._receipt()
        luck = self.chance.random()
        if self.plan or luck > 0.25 or not self.changes or "Ubah" not in shown:
            return False
        self.changes -= 1
        self.old.clear()
        await self._tap(shown["Hapus jawaban" if luck < 0.05 else "Ubah"])
        return True

    async def _withdraw(self, shown: dict[str, Button]) -> None:
        sure = self.chance.random() < 0.5
        await self._tap(shown["Ya, hapus" if sure else "Tidak"])
        if sure:
            self.counted = None

    def _buttons(self) -> tuple[Button, ...]:
        latest = self.citizen.chat.latest
        return latest.buttons if latest else ()

    async def _open(self, text: str) -> None:
        if self.impatience is None:
            await self.citizen.send(text)
            return
        before = self.citizen.shown
        for _ in range(TRIES):
            await self.citizen.send(text, wait=False)
            if await self._sees(lambda: self.citizen.shown > before):
                return
        raise AssertionError(f"nothing follows {text}")

    async def _tap(self, button: Button) -> None:
        """… and wait until the tap is answered, which it is after the screen."""
        message = self.citizen.chat.latest
        assert message is not None
        assert button.data is not None
        self.taps += 1
        if self.impatience is None:
            await self.citizen.press(button.data, on=message)
            return
        tried, began = list[str](), time.monotonic()
        for _ in range(TRIES):
            tap = updates.tap(updates.person(self.citizen.id), message.id, button.data)
            tried.append(tap["callback_query"]["id"])
            await self.citizen.deliver(tap, wait=False)
            if await self._sees(lambda: not self.citizen.chat.answers.keys().isdisjoint(tried)):
                self.waits.append((began, time.monotonic() - began))
                return
        raise AssertionError(f"“{button.label}” leads nowhere under: {self.citizen.text}")

    async def _sees(self, holds: Callable[[], bool]) -> bool:
        """Whether this holds before patience ends."""
        assert self.impatience is not None
        try:
            await self.citizen.wait(holds, patience=self.impatience)
        except AssertionError:
            return False
        return True


def ikm_of(counted: Iterable[Said]) -> Fraction:
    """The IKM of these answers by its definition (PermenPANRB 14/2017): the mean of the nine
    elements' means, times 25. Every element must have an answer."""
    rows = list(counted)
    means = []
    for at in range(1, 10):
        values = [int(row[at]) for row in rows if row[at]]
        means.append(Fraction(sum(values), len(values)))
    return sum(means, Fraction(0)) / 9 * 25
