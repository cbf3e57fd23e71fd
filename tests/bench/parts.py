"""Where the CPU time goes: named functions, timed where they are called, in every thread.

A profiler sees one thread or slows Python far more than C; this adds under a microsecond a call.
Only plain functions can be timed: a coroutine's time would hold whatever ran while it waited.
"""

import functools
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

# name of a part → the functions it is made of, each as (module or class, attribute)
Parts = Mapping[str, tuple[tuple[Any, str], ...]]


class Clock:
    """`used`: CPU seconds by part; a part called inside another counts for itself alone."""

    def __init__(self) -> None:
        self.used: Counter[str] = Counter()
        self._thread = threading.local()

    def timed(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            outer, self._thread.inner = getattr(self._thread, "inner", 0.0), 0.0
            began = time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                spent = time.thread_time() - began
                self.used[part] += spent - self._thread.inner
                self._thread.inner = outer + spent

        return run


@contextmanager
def timing(parts: Parts) -> Iterator[Clock]:
    """Inside, every function of these parts is timed wherever it is looked up by its owner."""
    clock = Clock()
    with ExitStack() as patches:
        for part, functions in parts.items():
            for owner, name in functions:
                timed = clock.timed(part, getattr(owner, name))
                patches.enter_context(patch.object(owner, name, timed))
        yield clock
