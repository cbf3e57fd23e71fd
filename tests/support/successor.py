"""A made-up successor of the SKM's instrument, in a folder of its own: one file and a day."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from unittest.mock import patch

from flows import loader

SUCCESSOR, HOLDS_FROM = "skm-made-up", date(2027, 1, 1)
_CACHED = (loader.instrument, loader.instrument_ids, loader.skm_on, loader.words)


@contextmanager
def successor(folder: Path) -> Iterator[str]:
    """While it lasts there is a successor that holds from 2027: without `facilities`, with `online`
    in its place, and no real one. Its id."""
    with patch.object(loader, "INSTRUMENTS", shutil.copytree(str(loader.INSTRUMENTS), folder)):
        text = (folder / "skm-14-2017.toml").read_text("utf-8")
        for old, new in (
            ('id = "skm-14-2017"', f'id = "{SUCCESSOR}"'),
            ("(PermenPANRB 14/2017)", "(Peraturan Contoh 1/2027)"),
            ("holds_from = 2017-01-01", f"holds_from = {HOLDS_FROM}"),
            ('key = "facilities"', 'key = "online"'),
        ):
            assert old in text
            text = text.replace(old, new)
        for later in loader.ids_of(loader.SKM):  # the newest first
            if later == "skm-14-2017":
                break
            (folder / f"{later}.toml").unlink()
        (folder / f"{SUCCESSOR}.toml").write_text(text, "utf-8")
        with patch.object(loader, "INSTRUMENTS", folder):
            _forget()
            yield SUCCESSOR
    _forget()


def _forget() -> None:
    for cached in _CACHED:
        cached.cache_clear()
