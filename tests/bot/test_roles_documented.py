"""docs/roles.md is the tables of the code, word for word: who may do what, who gives which role,
which command needs what.
"""

from collections.abc import Callable, Iterable, Iterator

import pytest

from bot.dialogues import DIALOGUES
from flows.engine.form import Line
from flows.loader import words
from storage.office.permissions import ALLOWED, GIVEN_FROM_ABOVE, GIVES
from storage.office.roles import OF_A_UNIT, OF_AN_AGENCY, ROLES
from tests.support.paths import ROOT
from tests.support.shown_files import ON_PURPOSE, stood_in

PAGE = ROOT / "docs/roles.md"


def row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    head = list(head)
    return [row(*head), row(*("---" for _ in head)), *(row(*cells) for cells in rows)]


def actions() -> list[str]:
    rows = (
        (f"`{action}`", *("yes" if role in allowed else "" for role in ROLES))
        for action, allowed in ALLOWED.items()
    )
    return table(("action", *ROLES), rows)


def given() -> list[str]:
    return table(("who", "gives and ends", "where they may stand"), _given())


def _given() -> Iterator[tuple[str, str, str]]:
    places = (("unit", OF_A_UNIT), ("agency, `*`", OF_AN_AGENCY))
    for role in ROLES:
        where = [name for name, of in places if role in of]
        yield role, ", ".join(sorted(GIVES[role])) or "–", ", ".join(where)
    yield "admin of `*`", f"{', '.join(sorted(GIVEN_FROM_ABOVE))} besides", "`*`"


def commands() -> list[str]:
    rows = (
        (f"`{command}`", f"`{action}`" if action else "any role", said(command))
        for command, action in DIALOGUES.menu.items()
    )
    return table(("command", "needs", "in the menu"), rows)


def said(command: str) -> str:
    return words("id").line(Line(f"menu.{command[1:]}"))


PARTS: dict[str, Callable[[], list[str]]] = {
    "actions": actions,
    "given": given,
    "commands": commands,
}


@pytest.mark.parametrize("name", PARTS)
def test_the_page_holds_the_table(name: str):
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    now = "\n".join(PARTS[name]()) + "\n"
    assert stood_in(PAGE, now, begin, end) == now, ON_PURPOSE
