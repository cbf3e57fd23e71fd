"""What takes long, asked for in a browser: it is on the page that answers, for none comes later."""

from dataclasses import replace

from bot.citizen import receipt_check
from flows.engine.events import Opened
from flows.engine.form import Line
from flows.loader import words
from storage.chat.conversations import Conflict
from tests.support.offices import NOON, count, unit_row
from tests.support.publishing import closed
from tests.support.rated import rated
from tests.support.web_pages import surfing


async def test_what_takes_long_is_on_the_page_that_was_asked_for(database_url, monkeypatch):
    """A proof in a long sheet. Where it cannot be made, that is said."""
    monkeypatch.setattr(receipt_check, "FEW", 0)
    async with surfing(database_url, unit_row("SMST")) as browser:
        codes = [(await rated(browser.turns, f"tg:{n}"))[1] for n in range(5)]
        with browser.engine.begin() as connection:
            closed(connection, "SMST")
        asked = Opened("1", NOON, f"/cek {codes[0]} bukti")
        shown = await browser.web.answered("web:x", asked)
        assert "\nleaf " in shown.message.text
        assert count(browser.engine, "outbox", "kind = 'work'") == 0

        def fails(*_: object) -> None:
            raise Conflict

        monkeypatch.setattr("bot.core.turns.deferred_work.needed", fails)
        shown = await browser.web.answered("web:x", replace(asked, id="2"))
        assert shown.message.text == words("id").line(Line("work.failed"))
