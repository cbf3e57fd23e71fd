"""Markup as it is written, and what is still being sent at a stop."""

import pytest

from tests.support.offices import unit_row
from tests.support.talking_bot import (
    LIBRARIES,
    begin,
    bot,  # noqa: F401  (a fixture)
    talking,
)


@pytest.mark.parametrize("library", LIBRARIES)
async def test_markup_is_shown_as_it_is_written(telegram, sqlite_url, library):
    name = "Loket *1* <b>_[Batam](http://x)_</b> & `{unit}`"
    unit = unit_row("SMST-BTM", name=name, services=[{"id": "pajak", "label": "<i>*Pajak*"}])
    async with talking(telegram, sqlite_url, unit, library=library) as bot:
        rini = telegram.citizen()
        await rini.send("/start SMST-BTM")
        assert name in rini.text
        await rini.tap("Setuju, mulai")
        for _ in range(9):
            await rini.send("3")
        await rini.send("<b>*Bagus_sekali*</b> {harga} [x](y)")
        await rini.tap("Lewati semua")
        assert "<b>*Bagus_sekali*</b> {harga} [x](y)" in rini.text
        assert not [call for call in telegram.calls if "parse_mode" in call.params]
        assert bot.later() == []


async def test_what_is_still_being_sent_at_a_stop_is_kept_for_the_next_start(telegram, bot):
    rini = telegram.citizen()
    await begin(rini)
    telegram.hold("editMessageText", chat=rini.id)
    await rini.tap("3", wait=False)
    await rini.send("3", wait=False)
    await bot.turns.until(lambda: len(bot.turns.done) == 4)
    await bot.adapter.drain(0.1)
    assert [row.kind for row in bot.later()] == ["screen", "screen"]
    await bot.post.round()
    assert "3 dari 9" in rini.text
