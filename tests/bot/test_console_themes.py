"""The console's own colours, and those of the page that lets nobody in, in both themes."""

from bot.web.console.pages import COLOURS
from bot.web.console.security import _STYLE
from tests.support.accessible import faint


def test_the_consoles_own_colours_are_told_apart_in_both_themes():
    on_both = " ".join(
        f"{ink}/{paper}" for ink in ("soft", "link") for paper in ("paper", "ground")
    )
    assert faint(COLOURS, f"late/paper a/A b/B c/C d/D {on_both}", "") == []


def test_so_are_those_of_the_page_for_whoever_is_not_let_in():
    assert faint(_STYLE, "ink/sheet said/act", "act/sheet") == []
