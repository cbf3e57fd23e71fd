"""The log of a process: one line an event, plain or JSON, in which a fault that goes on is counted
and no secret shows.

A line has its time in UTC, its level, who says it and what; what was given as `extra` stands behind
it, or in JSON as fields of its own. A traceback is one line, too: the places, the innermost first.

A fault is told by where in the code it is logged and where it was raised. The first time it is
written whole. What repeats is counted and told in one line, "… repeated 812 times": a second later,
then at pauses twice as long each time, up to a minute. A minute without it, and it is news again.
"""

import json
import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

PAUSE, LONGEST = 1.0, 60.0  # seconds between two lines of one fault
HIDDEN = "•••"
SHORT = 8  # characters: to hide a password of fewer would show it by where words are missing
# Below these levels they tell of what goes well: that a job which still runs is not begun again is
# APScheduler's warning.
QUIETER = {"httpx": logging.WARNING, "alembic": logging.WARNING, "apscheduler": logging.ERROR}
PLACES = 12  # of a traceback

_FIRST = ("time", "level", "logger", "event")
_OWN = {*vars(logging.makeLogRecord({})), "message"}  # what else it has was given as `extra`

Format = Literal["plain", "json"]
Place = tuple[Any, ...]


@dataclass(slots=True)
class _Fault:
    """`until`: nothing is written before. `last`: the line of what was logged last; `number` were
    not written."""

    until: float
    pause: float
    last: logging.LogRecord
    number: int = 0


def begin(secrets: Collection[str], format: Format = "plain") -> None:
    """From now on everything that this process logs goes one way. Does nothing a second time."""
    handler = Folding()
    handler.setFormatter(Formatter(secrets, format))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.captureWarnings(True)
    sys.excepthook = _ended
    for name, level in QUIETER.items():
        logging.getLogger(name).setLevel(level)


def _ended(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
    """Of a fault that ends the process: its traceback goes the same way, so no secret shows in it
    either."""
    logging.getLogger(__name__).critical("skm ends", exc_info=(kind, fault, trace))


class Formatter(logging.Formatter):
    """Whatever a library puts into its words or a traceback: `secrets` are not shown."""

    def __init__(self, secrets: Collection[str], format: Format) -> None:
        super().__init__()
        self._hidden = [each for each in secrets if len(each) >= SHORT]
        self._render = _json if format == "json" else _plain

    def format(self, record: logging.LogRecord) -> str:
        return self._render({name: self._shown(value) for name, value in _fields(record).items()})

    def _shown(self, value: Any) -> Any:
        if isinstance(value, str):
            for each in self._hidden:
                value = value.replace(each, HIDDEN)
        return value


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """In the order in which they are read."""
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    first = {
        "time": at.replace("+00:00", "Z"),
        "level": record.levelname,
        "logger": record.name,
        "event": record.getMessage(),
    }
    if record.exc_info and record.exc_info[1] is not None:
        first["fault"] = " because of ".join(_told(each) for each in _chain(record.exc_info[1]))
    if record.stack_info:
        first["stack_info"] = record.stack_info
    return first | {name: value for name, value in vars(record).items() if name not in _OWN}


def _json(line: Mapping[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False, default=str)


def _plain(line: Mapping[str, Any]) -> str:
    said = [str(value) for name, value in line.items() if name in _FIRST]
    more = [f"{name}={value}" for name, value in line.items() if name not in (*_FIRST, "fault")]
    fault = [f"| {line['fault']}"] if "fault" in line else []
    return "\\n".join(" ".join([*said, *more, *fault]).splitlines())


def _chain(fault: BaseException) -> Iterator[BaseException]:
    """It, and what it came of."""
    seen: set[int] = set()
    now: BaseException | None = fault
    while now is not None and id(now) not in seen:
        seen.add(id(now))
        yield now
        for each in now.exceptions if isinstance(now, BaseExceptionGroup) else ():
            yield from _chain(each)
        now = now.__cause__ or (None if now.__suppress_context__ else now.__context__)


def _told(fault: BaseException) -> str:
    frames = [*traceback.walk_tb(fault.__traceback__)][::-1][:PLACES]
    places = [f"{_file(frame.f_code.co_filename)}:{line}" for frame, line in frames]
    return f"{type(fault).__name__}: {fault} ({' < '.join(places)})"


def _file(name: str) -> str:
    """Where it is in its package."""
    parts = Path(name).parts
    return "/".join(parts[-3:])


class Folding(logging.StreamHandler[Any]):
    """`clock`: seconds that never go back; `later(seconds, what)` calls it then."""

    def __init__(
        self,
        stream: Any = None,
        clock: Callable[[], float] = time.monotonic,
        later: Callable[[float, Callable[[], None]], None] | None = None,
    ) -> None:
        super().__init__(stream)
        self._clock, self._later = clock, later or _in_a_thread
        self._faults: dict[Place, _Fault] = {}  # as many as there are places in the code

    def emit(self, record: logging.LogRecord) -> None:
        """Called by `handle`, which holds the lock."""
        if record.levelno < logging.WARNING:
            super().emit(record)
            return
        now, place = self._clock(), _place(record)
        fault = self._faults.get(place)
        if fault is None or now >= fault.until + LONGEST:
            self._faults[place] = _Fault(now + PAUSE, PAUSE, _line(record))
            super().emit(record)
            return
        fault.last, fault.number = _line(record), fault.number + 1
        if now >= fault.until:
            self._tell(fault, now)
        elif fault.number == 1:
            self._later(fault.until - now, self.tell)

    def tell(self) -> None:
        """Of each fault whose pause is over, how often it was repeated."""
        with self.lock or threading.RLock():
            now = self._clock()
            for fault in self._faults.values():
                if fault.number and now >= fault.until:
                    self._tell(fault, now)

    def close(self) -> None:
        """What was counted is not lost with the process."""
        for fault in self._faults.values():
            if fault.number:
                self._tell(fault, fault.until)
        super().close()

    def _tell(self, fault: _Fault, now: float) -> None:
        if fault.number > 1:
            fault.last.msg += f" … repeated {fault.number} times"
        fault.pause = min(2 * fault.pause, LONGEST)
        fault.until, fault.number = now + fault.pause, 0
        super().emit(fault.last)


def _line(record: logging.LogRecord) -> logging.LogRecord:
    """Without the traceback, which is written the first time, and which would keep alive whatever
    its frames hold."""
    text = record.getMessage().strip().partition("\n")[0]
    if record.exc_info and record.exc_info[0]:
        text += f" ({record.exc_info[0].__name__})"
    line = logging.makeLogRecord(vars(record))
    line.msg, line.args, line.exc_info, line.exc_text, line.stack_info = text, (), None, "", None
    return line


def _place(record: logging.LogRecord) -> Place:
    """Where it is logged, and where what is wrong was raised. All that asyncio could hand to nobody
    is logged at one place: there its first line tells it apart."""
    said = record.getMessage().partition("\n")[0] if record.name == "asyncio" else ""
    where: Place = (record.name, record.levelno, record.pathname, record.lineno, said)
    if not record.exc_info or not record.exc_info[0]:
        return where
    kind, _, frame = record.exc_info
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    raised = (frame.tb_frame.f_code.co_filename, frame.tb_lineno) if frame else ()
    return (*where, kind, raised)


def _in_a_thread(seconds: float, what: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, what)
    timer.daemon = True  # a stop does not wait for it
    timer.start()
