"""A progress bar for work that may take long: on a terminal only, on stderr, gone when done."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[int], None]


@contextmanager
def working(what: str, total: int | None = None) -> Iterator[Advance]:
    """Yields what is called with each number of steps done; without a total the bar only moves."""
    if not sys.stderr.isatty():
        yield lambda steps: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total)
        yield lambda steps: progress.advance(task, steps)
