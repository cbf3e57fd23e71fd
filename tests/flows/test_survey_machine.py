"""Whatever a person does, in whatever order it arrives, the bot holds what a simple model says.

Taps on any button ever shown, typing, corrections, other links, updates that come twice or in the
wrong order, and restarts; through `bot.core.turns.turn_worker` and the database after every event.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine

from bot.core.turns.turn_worker import Turns
from flows.engine.capabilities import OPENS
from flows.engine.conversation import REMEMBERED
from flows.engine.events import Asked, Opened, PersonEvent, Tapped, Typed
from flows.engine.form import Button
from flows.engine.screen import ENDED, Screen
from flows.loader import words
from storage.answers import receipts, responses
from storage.chat import conversations
from tests.support.offices import NOON, VAULT, Chance, office, unit_row
from tests.support.offices import count as count_rows
from tests.support.survey_model import ITEMS, PROFILE, Model

UNITS = (unit_row("SMST-BTM"), unit_row("DUKCAPIL"))
WORDS = ("1", "2", "3", "4", "5", "lewati", "kembali", "ubah", "Antre dua jam.", "Loketnya bersih.")
# Where no number is a place: it would agree or send, is an age or a degree, or is words.
NO_PLACES = ("consent", "review", "age", "education", "comment")
LEFT_OUT = ("declined",)  # ends the survey: other tests
SAID = {"lewati": "-skipped", "kembali": "_back", "ubah": "change"}  # heard in every language
_people = count(1)
_places = st.integers(0, 400)


class Survey(RuleBasedStateMachine):
    """One person and one survey; `shown` are all buttons that this survey has shown."""

    def __init__(self, engine: Engine, finished: set[str]) -> None:
        super().__init__()
        self.finished = finished  # whose responses are kept
        self.engine, self.address = engine, f"tg:{next(_people)}"
        self.model, self.id = Model(), 0
        self.sent: list[PersonEvent] = []
        self.shown: list[Button] = []
        self.last = Screen("", "id", (), ())
        self._begin_work()
        self._send(self._opened("SMST-BTM"), lambda: None)
        self.conversation = self.last.conversation

    def _begin_work(self) -> None:
        self.turns = Turns(self.engine, VAULT, Chance(self.address + str(self.id)))
        self.turns.start()

    def teardown(self) -> None:
        self.turns.stop()

    @rule(place=_places)
    def taps_what_is_asked(self, place: int) -> None:
        if not self.model.ended:
            shown = (*self.last.choices, *self.last.moves)
            buttons = [b for b in shown if b.choice not in LEFT_OUT and b.step != OPENS]
            self._tap(buttons[place % len(buttons)])

    @rule(values=st.lists(st.sampled_from("1234"), min_size=1, max_size=9))
    def answers_on(self, values: list[str]) -> None:
        """… so that many surveys come to their end."""
        for value in values:
            if self.model.ended:
                return
            offered = {button.choice: button for button in self.last.choices}
            ways = (
                value,
                "agreed",
                "pajak",
                "-skipped",
                "-skip_all",
                "send",
                "stay",
                "id",
                "usual",
            )
            self._tap(next(offered[way] for way in ways if way in offered))

    @rule(place=_places)
    def taps_any_button_ever_shown(self, place: int) -> None:
        self._tap(self.shown[place % len(self.shown)])

    @rule(first=_places, second=_places)
    def two_taps_arrive_in_the_wrong_order(self, first: int, second: int) -> None:
        early, late = (self.shown[place % len(self.shown)] for place in (first, second))
        one, other = self._tapped(early), self._tapped(late)
        self._send(other, partial(self.model.tap, late.step, late.choice))
        self._send(one, partial(self.model.tap, early.step, early.choice))

    @rule(place=_places)
    def an_update_arrives_again(self, place: int) -> None:
        """One of the last: no platform brings an older one again (docs/decisions/0003)."""
        recent = self.sent[-REMEMBERED:]
        self._send(recent[place % len(recent)], lambda: None)

    @precondition(lambda self: "consent" in self.model.said and not self.model.ended)
    @rule(text=st.sampled_from(WORDS))
    def types(self, text: str) -> None:
        meant = self._button_of(text)
        means = partial(self.model.tap, meant.step, meant.choice) if meant else None
        self._send(Typed(*self._next(), text), means or partial(self.model.write, text))

    @precondition(lambda self: "consent" in self.model.said and not self.model.ended)
    @rule(same=st.booleans())
    def opens_a_link(self, same: bool) -> None:
        opened = self._opened("SMST-BTM" if same else "DUKCAPIL")
        means = self.model.link_again if same else partial(self.model.link, f"start-{opened.id}")
        self._send(opened, means)

    @precondition(lambda self: not self.model.ended)
    @rule(command=st.sampled_from(["language", "display", "help"]))
    def asks(self, command: Any) -> None:
        def visits() -> None:
            self.model.visit = command if command != "help" else self.model.visit

        self._send(Asked(*self._next(), command), visits)

    @rule(step=st.sampled_from(["cost", "review", "nothing", ""]), choice=st.sampled_from("4x"))
    def taps_what_was_never_shown(self, step: str, choice: str) -> None:
        whose = "another0000" if choice == "4" else self.conversation
        self._send(Tapped(*self._next(), whose, step, choice), lambda: None)

    @rule()
    def skm_starts_again(self) -> None:
        self.turns.stop()
        self._begin_work()

    def _tap(self, button: Button) -> None:
        self._send(self._tapped(button), partial(self.model.tap, button.step, button.choice))

    def _tapped(self, button: Button) -> Tapped:
        return Tapped(*self._next(), self.conversation, button.step, button.choice)

    def _opened(self, unit: str) -> Opened:
        return Opened(*self._next(), unit)

    def _next(self) -> tuple[str, int]:
        self.id += 1
        return str(self.id), NOON + self.id

    def _send(self, event: PersonEvent, means: Callable[[], None]) -> None:
        if event not in self.sent:
            self.sent.append(event)
        was_over = bool(self.model.ended)
        means()
        screen = asyncio.run(self.turns.do(self.address, event))
        if not was_over:
            self.last = screen
            new = (b for b in (*screen.choices, *screen.moves) if b.choice not in LEFT_OUT)
            self.shown += [b for b in new if b.step not in (ENDED, OPENS) and b not in self.shown]
        self._compare()

    def _compare(self) -> None:
        if self.model.ended == "replaced":
            return
        with self.engine.connect() as connection:
            (kept,) = conversations.load(connection, [self.address])[self.address]
        mine = kept.conversation
        if self.model.ended:
            assert mine.status == "finished"
            self._compare_response(mine.outcome["receipt"])
        else:
            assert self.last.choices[0].step == self.model.at()
            counted = self.turns.forms.built[mine.version][1].counted(mine.answers)
            assert counted == self.model.counted()

    def _compare_response(self, receipt: str) -> None:
        said = {k: v for k, v in self.model.counted().items() if v not in ("-skipped", "-skip_all")}
        leaves = receipts.leaves_of(receipt)
        assert leaves is not None
        with self.engine.connect() as connection:
            row = responses.found(connection, leaves)
        assert row is not None
        self.finished.add(self.address)
        assert count_rows(self.engine, "response") == len(self.finished)
        assert row.answers == {key: _score(said[key]) for key in ITEMS}
        assert row.profile == {key: said[key] for key in PROFILE if key in said}
        assert row.extra == {key: said[key] for key in said if key.startswith("why_")}
        comment = said.get("comment")
        assert row.comment == (comment["text"] if isinstance(comment, dict) else None)

    def _button_of(self, text: str) -> Button | None:
        spoken = words(self.last.language)
        labels = [(spoken.line(b.label).lower().strip("‹ "), b) for b in self.last.choices]
        moves = [(spoken.line(b.label).lower().strip("‹ "), b) for b in self.last.moves]
        for label, button in (*labels, *moves):
            if text in (label, label.lstrip("1234567890 ")):
                return button
        for _, button in (*labels, *moves):
            if SAID.get(text) == button.choice:
                return button
        at = self.model.at()
        if not text.isdigit() or at in NO_PLACES or at.startswith("why_"):
            return None
        numbered = [(label, b) for label, b in labels if label[1:2] == " "]
        if numbered:
            return next((b for label, b in numbered if label.split()[0] == text), None)
        return labels[int(text) - 1][1] if int(text) <= len(labels) else None


def _score(choice: Any) -> int | None:
    return int(choice) if choice.isdecimal() else None


def test_a_survey_is_what_was_said_last_whatever_happens(sqlite_url):
    with office(sqlite_url, *UNITS) as engine:
        finished: set[str] = set()
        run_state_machine_as_test(
            lambda: Survey(engine, finished),
            settings=settings(max_examples=40, stateful_step_count=40, deadline=None),
        )
        assert finished  # that somebody came to the end depends on chance; how many, too
