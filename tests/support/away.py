"""A database as it is while it cannot be reached."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError


@contextmanager
def away(engine: Engine) -> Iterator[None]:
    """Each statement fails, also on connections that are open."""

    def fail(*_: Any) -> None:
        raise OperationalError("", {}, ConnectionError("the server is away"))

    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", fail)
