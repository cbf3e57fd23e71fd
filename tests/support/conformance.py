"""Which dialogue is had on which channel, why one is had otherwise, and which test shows what
becomes of a fault there: docs/channels.md.

A new channel is one more `Column`.
"""

from collections.abc import Iterator, Mapping, Sequence
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
FAULTS = (
    "the same once more",
    "the older after the newer",
    "taken, and the answer to that is lost",
    "the database is away",
    "longer than what is read",
    "too many: refused by a limit",
)


@dataclass(frozen=True)
class Column:
    """`name` as in SKM_CHANNELS. `differs`: dialogues that are had otherwise, and why. `faults`:
    the test of each of `FAULTS`, as pytest names it, below tests/bot."""

    name: str
    title: str
    by: str
    differs: Mapping[str, str] = field(default_factory=dict)
    faults: Sequence[str] = ()


CHATS = (
    Column(
        "telegram",
        "Telegram (aiogram, python-telegram-bot)",
        "tests/bot/test_dialogues_over_http.py",
        {"edited-and-wordless": NO_EDITS},
        (
            "test_telegram.py::test_an_update_that_comes_twice_changes_nothing_and_sends_nothing_new",
            "test_telegram_poll.py::test_however_updates_are_mixed_each_is_taken_once_and_all_are_confirmed",
            "test_telegram_poll.py::test_it_goes_on_through_whatever_telegram_does",
            "test_web.py::test_what_is_not_kept_is_to_be_sent_again",
            "test_web.py::test_what_is_too_long_for_an_update_is_not_handed_on",
            "test_telegram.py::test_a_screen_refused_with_429_comes_when_telegram_said_as_it_then_stands",
        ),
    ),
    Column(
        "whatsapp",
        "WhatsApp",
        "tests/bot/test_dialogues_over_whatsapp.py",
        {"edited-and-wordless": NO_ALBUMS},
        (
            "test_whatsapp_webhook.py::test_a_repeat_beyond_all_that_is_remembered_changes_nothing",
            "test_whatsapp_webhook.py::test_several_entries_of_several_people_out_of_order",
            "test_whatsapp_faults.py::test_time_out_after_it_was_taken",
            "test_whatsapp_webhook.py::test_a_request_of_which_one_event_is_not_kept_comes_again",
            "test_whatsapp_webhook.py::test_ten_megabytes_are_refused_before_they_are_read_whole",
            "test_whatsapp_faults.py::test_a_person_who_was_sent_too_much_is_left_alone_meanwhile",
        ),
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


IN_A_BROWSER = Column(
    "web",
    "web",
    "tests/bot/test_dialogues_over_web.py",
    _in_a_browser(),
    (
        "test_web_faults.py::test_each_form_twice_at_once_and_once_more_is_one_survey",
        "test_web_faults.py::test_an_older_page_that_comes_after_a_newer_one_says_what_it_says",
        "test_web_faults.py::test_an_answer_that_was_lost_on_its_way_is_asked_for_again",
        "test_web_faults.py::test_a_database_that_is_away_is_said_and_then_it_goes_on",
        "test_web_faults.py::test_a_body_that_is_too_long_is_refused_before_it_is_read_whole",
        "test_web_faults.py::test_too_many_surveys_of_a_network_are_refused_for_the_hour",
    ),
)
COLUMNS = (*CHATS, IN_A_BROWSER)
HEAD = """# Channels

The same dialogues, word for word, wherever people are. This page is made by the suite.

## What each can carry

Of what is not there or too long, `flows/engine/say.py` and `bot/core/sending/delivery.py` make
something that is: choices to be typed, words in place of a picture, several messages.

"""
BETWEEN = """
A window: WhatsApp takes only an approved template for whoever wrote more than 24 hours ago
([decision 0033](decisions/0033-whatsapp.md)).

## Faults

What goes wrong between people and us, by each channel's own wire: nothing is lost, nothing counts
twice. The limit is the platform's, in the web our own. At a keyboard there is no wire.

{faults}
## Dialogues

Each is a file of `tests/dialogues`, had over each channel's own wire: ✓ says that it reads the
same, button for button; how buttons stand beside each other is the channel's.

"""


def of(name: str) -> Column:
    return next(each for each in COLUMNS if each.name == name)


def page(files: list[Path] = FILES) -> str:
    """docs/channels.md."""
    notes = list(dict.fromkeys(why for column in COLUMNS for why in column.differs.values()))
    lines = [*_capabilities(), BETWEEN.replace("{faults}", "".join(_faults()))]
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


def _faults() -> Iterator[str]:
    shown = [column for column in COLUMNS if column.faults]
    yield from _row("fault", *(column.title for column in shown))
    yield from _row(*["---"] * (1 + len(shown)))
    for fault, *tests in zip(FAULTS, *(column.faults for column in shown), strict=True):
        yield from _row(fault, *(f"`{test.partition('::')[0]}`" for test in tests))


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
