"""Which dialogue is had on which channel, and why one is had otherwise: docs/channels.md.

A new channel is one more `Column`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from bot.channels.registry import CHANNELS
from flows.engine.capabilities import BOUNDLESS, Capabilities
from tests.support.dialogue_at_the_terminal import cannot
from tests.support.dialogue_files import FILES
from tests.support.paths import ROOT

NO_ALBUMS = "WhatsApp does not say which photos were sent as one: each is answered"
NUMBERED = "at a keyboard each button has a number, also one that leads elsewhere"
SO_FAR = "a browser follows as far as [its own table](dialogues.md) says"
ROLES = "roles are for chats: a browser has the survey alone"
NO_EDITS = "the server of these tests knows no edited messages, polls and pins"


@dataclass(frozen=True)
class Column:
    """`name` as in SKM_CHANNELS. `differs`: dialogues that are had otherwise, and why."""

    name: str
    title: str
    by: str
    differs: Mapping[str, str] = field(default_factory=dict)


CHATS = (
    Column(
        "telegram",
        "Telegram (aiogram, python-telegram-bot)",
        "tests/bot/test_dialogues_over_http.py",
        {"edited-and-wordless": NO_EDITS},
    ),
    Column(
        "whatsapp",
        "WhatsApp",
        "tests/bot/test_dialogues_over_whatsapp.py",
        {"edited-and-wordless": NO_ALBUMS},
    ),
    Column(
        "terminal",
        "terminal",
        "tests/bot/test_dialogues_at_the_terminal.py",
        {
            **dict.fromkeys(("language", "six-points", "typing", "zero-to-five"), NUMBERED),
            **{f.stem: f"at a keyboard no {why}" for f in FILES if (why := cannot(f.read_text()))},
        },
    ),
)


def _in_a_browser() -> dict[str, str]:
    """By the table that the web's own replay writes."""
    rows = (ROOT / "docs" / "dialogues.md").read_text("utf-8").splitlines()
    cells = (row.strip("| ").split(" | ") for row in rows if row.startswith("| "))
    followed = {cell[0]: cell[1].startswith("all ") for cell in cells}
    differs = {file.stem: ROLES for file in FILES if file.stem not in followed}
    return differs | {stem: SO_FAR for stem, is_whole in followed.items() if not is_whole}


COLUMNS = (*CHATS, Column("web", "web", "tests/bot/test_dialogues_over_web.py", _in_a_browser()))
HEAD = """# Channels

The same dialogues, word for word, wherever people are. This page is made by the suite.

## What each can carry

Of what is not there or too long, `flows/engine/say.py` and `bot/core/sending/delivery.py` make
something that is: choices to be typed, words in place of a picture, several messages.

"""
BETWEEN = """
A window: WhatsApp takes only an approved template for whoever wrote more than 24 hours ago
([decision 0033](decisions/0033-whatsapp.md)).

## Dialogues

Each is a file of `tests/dialogues`, had over each channel's own wire: ✓ says that it reads the
same, button for button; how buttons stand beside each other is the channel's.

"""


def of(name: str) -> Column:
    return next(each for each in COLUMNS if each.name == name)


def page(files: list[Path] = FILES) -> str:
    """docs/channels.md."""
    notes = list(dict.fromkeys(why for column in COLUMNS for why in column.differs.values()))
    lines = [*_capabilities(), BETWEEN]
    lines += _row("dialogue", *(f"{each.title}<br>`{each.by}`" for each in COLUMNS))
    lines += _row(*["---"] * (1 + len(COLUMNS)))
    for file in files:
        marks = (_mark(column, file.stem, notes) for column in COLUMNS)
        lines += _row(file.stem.replace("-", " "), *marks)
    told = (f"{number}. {why}.\n" for number, why in enumerate(notes, 1))
    return HEAD + "".join([*lines, "\n", *told])


def _mark(column: Column, dialogue: str, notes: list[str]) -> str:
    why = column.differs.get(dialogue)
    return f"({notes.index(why) + 1})" if why else "✓"


def _capabilities() -> Iterator[str]:
    yield from _row("", *(each.title for each in COLUMNS))
    yield from _row(*["---"] * (1 + len(COLUMNS)))
    for each in fields(Capabilities):
        if each.name == "knocks":  # where a template is set
            continue
        values = (getattr(CHANNELS[column.name].capabilities, each.name) for column in COLUMNS)
        yield from _row(f"`{each.name}`", *(_said(value) for value in values))


def _said(value: int) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value in (0, BOUNDLESS) else f"{value:,}"


def _row(*cells: str) -> Iterator[str]:
    yield f"| {' | '.join(cells)} |\n"
