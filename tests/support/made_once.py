"""What every test would make anew, and what none changes: made once a run.

SQLAlchemy keeps with an engine what SQL it made of its statements. Here all engines of one kind of
database share that, as all turns of one running skm do. A file of certificates that are trusted is
read once, not by each client of HTTP. And httpcore asks at every request for a module that is not
installed: it is not looked for in every folder each time.
"""

import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine
from sqlalchemy.util import LRUCache

MANY = 5_000  # statements; the product has some hundreds
MISSING = () if find_spec("sniffio") else ("sniffio",)


class _Made(LRUCache[Any, Any]):
    """SQLAlchemy's keys begin with the engine's own dialect."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, made: Any) -> None:
        super().__setitem__(key[1:], made)


@contextmanager
def made_once() -> Iterator[None]:
    made = {kind: _Made(MANY) for kind in ("sqlite", "postgresql")}

    def shared(engine: Engine) -> _Made:
        return made[engine.dialect.name]

    def own(engine: Engine, cache: Any) -> None:
        """What an engine makes for itself is left alone."""

    trusting = ssl.create_default_context
    trusting_once = cache(trusting)

    def context(*of: Any, **named: Any) -> ssl.SSLContext:
        """Of a file that is named, as httpx does; where the system's are asked for, they may be
        others each time."""
        return (trusting_once if named.get("cafile") else trusting)(*of, **named)

    for module in MISSING:
        sys.modules[module] = None  # type: ignore[assignment]
    with (
        patch.object(Engine, "_compiled_cache", property(shared, own), create=True),
        patch.object(ssl, "create_default_context", context),
    ):
        yield
