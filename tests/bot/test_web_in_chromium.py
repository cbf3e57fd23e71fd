"""The survey in a real browser: by keyboard alone without a script, and in place with it.

Skipped where Chromium is not installed (Debian's `chromium`): the pages themselves are tried in
tests/bot/test_web_survey.py.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bot.commands.demo_web import in_browser, source
from bot.core.sending.post import keep_for_later
from bot.core.turns.turn_worker import Turns
from storage.chat import conversations
from tests.support.chromium import FOUND, Chromium, chromium
from tests.support.fake_channel import Clock
from tests.support.offices import VAULT, Chance, kept, office, unit_row

pytestmark = pytest.mark.skipif(FOUND is None, reason="Chromium is not installed")
NARROW = 320

Answers = Callable[[], dict[str, object]]


@contextmanager
def before(url: str) -> Iterator[tuple[Chromium, str, Answers]]:
    """Chromium, where the survey is, and what was answered so far."""
    clock = Clock()
    with (
        office(url, unit_row("SMST-BTM")) as engine,
        TemporaryDirectory() as folder,
    ):

        def answers() -> dict[str, object]:
            with engine.connect() as connection:
                query = "SELECT address FROM conversation"
                (address,) = connection.exec_driver_sql(query).scalars()
                assert conversations.last_unit(connection) == "SMST-BTM"
            return dict(kept(engine, address).answers)

        turns = Turns(engine, VAULT, Chance(1), source=source)
        turns.start()
        try:
            with (
                in_browser(turns, keep_for_later(engine, clock), clock) as address,
                chromium(Path(folder)) as tab,
            ):
                yield tab, address, answers
        finally:
            turns.stop()


def enter(tab: Chromium, tabs: int = 1) -> str:
    """The button that so many presses of Tab reach; the title of the page it leads to."""
    for _ in range(tabs):
        tab.press("Tab")
    tab.events.clear()
    tab.press("Enter", "\r")
    tab.until("Page.loadEventFired")
    return title(tab)


def title(tab: Chromium) -> str:
    found = tab.ask("Page.getNavigationHistory")
    return str(found["entries"][found["currentIndex"]]["title"])


def go_back(tab: Chromium) -> str:
    found = tab.ask("Page.getNavigationHistory")
    tab.events.clear()
    tab.ask(
        "Page.navigateToHistoryEntry", entryId=found["entries"][found["currentIndex"] - 1]["id"]
    )
    tab.until("Page.loadEventFired")
    return title(tab)


def test_by_keyboard_alone_without_a_script(sqlite_url):
    with before(sqlite_url) as (tab, address, answers):
        tab.look(NARROW, 640, scripts=False)
        tab.open(f"{address}/SMST-BTM")
        enter(tab)
        enter(tab, 2)
        assert enter(tab, 3).startswith("Bagaimana pemahaman Saudara")
        assert answers() == {"consent": "agreed", "service": "stnk", "requirements": "3"}
        assert go_back(tab).startswith("Bagaimana pendapat Saudara tentang kesesuaian persyaratan")
        said = enter(tab, 4)
        assert said.startswith("1 Persyaratan diubah: Sangat sesuai – Bagaimana pemahaman")
        assert answers()["requirements"] == "4"


def test_with_its_script_pages_change_in_place_and_the_way_back_works(sqlite_url):
    with before(sqlite_url) as (tab, address, answers):
        tab.look(NARROW, 640)
        tab.open(f"{address}/SMST-BTM")
        tab.do("window.same = true")

        def tap(words: str) -> None:
            tab.do(f"""new Promise(done => {{
                new MutationObserver((_, seen) => {{ seen.disconnect(); done() }})
                    .observe(document.body, {{childList: true}});
                [...document.querySelectorAll("button")]
                    .find(each => each.textContent.includes({words!r})).click();
            }})""")

        for words in ("Setuju", "STNK", "3 Sesuai"):
            tap(words)
        assert tab.do("document.activeElement.tagName") == "H1"
        assert tab.do("location.pathname") == "/s/_/procedure"
        tab.do("""new Promise(done => {
            new MutationObserver((_, seen) => { seen.disconnect(); done() })
                .observe(document.body, {childList: true});
            history.back();
        })""")
        assert tab.do("location.pathname") == "/s/_/requirements"
        tap("Sangat sesuai")
        assert answers()["requirements"] == "4"
        assert tab.do("window.same"), "no page was loaded anew"
        assert tab.do("document.documentElement.scrollWidth") == NARROW
