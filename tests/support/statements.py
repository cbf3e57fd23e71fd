"""A statement becomes SQL once a run, not once for each engine of thousands of tests.

SQLAlchemy keeps with an engine what it made of its statements. Here all engines of one kind of
database share that, as all turns of one running skm do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine
from sqlalchemy.util import LRUCache

MANY = 5_000  # statements; the product has some hundreds


class _Made(LRUCache[Any, Any]):
    """SQLAlchemy's keys begin with the engine's own dialect."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, made: Any) -> None:
        super().__setitem__(key[1:], made)


@contextmanager
def made_once() -> Iterator[None]:
    """Engines of the same kind share meanwhile what they make."""
    made = {kind: _Made(MANY) for kind in ("sqlite", "postgresql")}

    def shared(engine: Engine) -> _Made:
        return made[engine.dialect.name]

    def own(engine: Engine, cache: Any) -> None:
        """What an engine makes for itself is left alone."""

    with patch.object(Engine, "_compiled_cache", property(shared, own), create=True):
        yield
