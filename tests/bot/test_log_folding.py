"""One fault writes one line a second and then fewer, and no line of the log shows a secret."""

import asyncio
import io
import json
import logging
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import get_args

import pytest

from bot.logs import LONGEST, Folding, Format, Formatter
from tests.support.skm_process import SECRET

TOKEN = "7:AAtokenuntukuji"


class Clock:
    """Seconds, and what is to be called when they have come."""

    def __init__(self) -> None:
        self.now, self.later = 0.0, list[tuple[float, Callable[[], None]]]()

    def at(self, second: float) -> None:
        for due, what in sorted(self.later, key=lambda each: each[0]):
            if due <= second:
                self.later.remove((due, what))
                self.now = due
                what()
        self.now = second


class Log:
    def __init__(self) -> None:
        self.clock, self.written = Clock(), io.StringIO()
        self.handler = Folding(
            self.written,
            lambda: self.clock.now,
            lambda seconds, what: self.clock.later.append((self.clock.now + seconds, what)),
        )
        self.handler.setFormatter(logging.Formatter("%(message)s"))
        self.logger = logging.Logger("uji")  # noqa: LOG001  (no other may hear it)
        self.logger.addHandler(self.handler)

    @property
    def lines(self) -> list[str]:
        return self.written.getvalue().splitlines()

    def away(self, fault: str = "gone") -> None:
        self.logger.warning("the database is away: %s", fault)


@pytest.fixture
def log() -> Log:
    return Log()


def test_what_repeats_within_a_second_is_counted_and_told(log: Log):
    for number in range(813):
        log.away(f"try {number}")
    assert log.lines == ["the database is away: try 0"]
    log.clock.at(1)
    assert log.lines[1:] == ["the database is away: try 812 … repeated 812 times"]


def test_another_fault_is_told_beside_it(log: Log):
    log.away()
    log.logger.warning("the disk is full")
    log.logger.info("a digest is sent")
    log.logger.info("a digest is sent")
    assert len(log.lines) == 4


def test_hours_of_a_fault_each_tenth_of_a_second_are_about_a_line_a_minute(log: Log):
    for tenth in range(3 * 36_000):
        log.clock.at(tenth / 10)
        log.away()
    assert 3 * 60 - 10 < len(log.lines) < 3 * 60 + 10
    counted = sum(int(line.split()[-2]) for line in log.lines if "repeated" in line)
    assert counted + 1 <= 108_000 < counted + 1 + 10 * LONGEST + 10


def test_two_warnings_every_half_minute_for_ever_are_one_line_a_minute(log: Log):
    for second in range(0, 86_400, 30):
        log.clock.at(second)
        log.away()
        log.away()
    assert len(log.lines) < 24 * 60 + 10


def test_a_traceback_is_written_once_while_the_fault_goes_on(log: Log):
    def fail() -> None:
        try:
            _ = 1 // 0
        except ZeroDivisionError as fault:
            log.logger.error("the post failed", exc_info=fault)

    for second in range(10):
        log.clock.at(second)
        fail()
    assert sum("Traceback" in line for line in log.lines) == 1
    assert [line for line in log.lines if line.startswith("the post failed (")] == [
        "the post failed (ZeroDivisionError)",
        "the post failed (ZeroDivisionError)",
        "the post failed (ZeroDivisionError) … repeated 4 times",
    ]


def test_after_a_minute_without_it_a_fault_is_news_again(log: Log):
    log.away()
    log.clock.at(1 + LONGEST)
    log.away("once more")
    assert log.lines == ["the database is away: gone", "the database is away: once more"]


def test_what_was_counted_is_told_when_the_process_ends(log: Log):
    log.away()
    log.away()
    log.handler.close()
    assert log.lines == ["the database is away: gone"] * 2


def test_what_asyncio_hands_to_nobody_is_told_apart(log: Log):
    log.logger.name = "asyncio"
    loop = asyncio.new_event_loop()
    for said in ("socket.accept() out of system resource", "Unclosed client session"):
        for number in range(3):
            log.logger.error("%s", f"{said}\nsocket: {number}")
    loop.close()
    assert len([line for line in log.lines if not line.startswith("socket: ")]) == 2


class Written:
    """A logger of which every line is kept."""

    def __init__(self, *secrets: str, format: Format = "plain") -> None:
        self._to = io.StringIO()
        handler = logging.StreamHandler(self._to)
        handler.setFormatter(Formatter(secrets, format))
        self.logger = logging.Logger("httpx", logging.DEBUG)  # noqa: LOG001
        self.logger.addHandler(handler)

    @property
    def lines(self) -> list[str]:
        return self._to.getvalue().splitlines()


def fail() -> None:
    try:
        raise ConnectionError(f"bot{TOKEN}/getMe")
    except ConnectionError as cause:
        raise ValueError(f"bad key {SECRET}\n  in line 2") from cause


@pytest.mark.parametrize("format", get_args(Format))
def test_no_line_and_no_traceback_shows_a_secret(format: Format):
    written = Written(SECRET, TOKEN, "", "skm", format=format)
    written.logger.info("HTTP Request: POST https://api.telegram.org/bot%s/getMe", TOKEN)
    try:
        fail()
    except ValueError:
        written.logger.error("skm failed", exc_info=sys.exc_info(), extra={"key": SECRET})
    first, second = written.lines
    for line in (first, second):
        assert TOKEN not in line
        assert SECRET not in line
    assert "bot•••/getMe" in first
    assert "skm failed" in second


def test_an_event_is_one_line_with_its_time_level_and_places():
    written = Written()
    try:
        fail()
    except ValueError as fault:
        group = ExceptionGroup("two at once", [fault, OSError("gone")])
        written.logger.error("first\nsecond", exc_info=group, extra={"channels": "tg"})
    (line,) = written.lines
    said, _, fault = line.partition(" | ")
    at, said = said.split(" ", 1)
    assert said == r"ERROR httpx first\nsecond channels=tg"
    assert abs(datetime.fromisoformat(at).timestamp() - time.time()) < 60
    assert at.endswith("Z")
    for told in (
        "ExceptionGroup: two at once (2 sub-exceptions)",
        r"ValueError: bad key rahasia-untuk-uji-saja-0123456789abcdef\n  in line 2",
        f"ConnectionError: bot{TOKEN}/getMe (tests/bot/test_log_folding.py:",
        "OSError: gone",
    ):
        assert told in fault


def test_for_machines_an_event_is_a_line_of_json():
    written = Written(format="json")
    written.logger.warning("the “%s” is away", "database", extra={"watch": "none"})
    try:
        fail()
    except ValueError:
        written.logger.exception("failed")
    first, second = map(json.loads, written.lines)
    assert list(first) == ["time", "level", "logger", "event", "watch"]
    assert (first["level"], first["event"]) == ("WARNING", "the “database” is away")
    assert second["fault"].startswith("ValueError: bad key")


def test_what_comes_of_itself_ends():
    written, fault = Written(), ValueError("x")
    fault.__context__ = other = KeyError("y")
    other.__context__ = fault
    written.logger.error("odd", exc_info=fault)
    assert written.lines[0].endswith("odd | ValueError: x () because of KeyError: 'y' ()")
