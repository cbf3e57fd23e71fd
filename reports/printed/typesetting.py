"""Pages and pictures drawn by typst from data alone, one at a time, with our own fonts.

The fonts are our own (`reports/fonts`), so a page is the same on every machine: Inter, and for the
letters that it lacks Noto's. A letter that is in none is a dot (`storage.files.letters`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import typst

from storage.files.letters import drawable

_FONTS = Path(__file__).parents[1] / "fonts"
_PIXELS_PER_INCH = 72  # a typographic point is a pixel
_one_at_a_time = Lock()


def drawn(file: Path, data: Mapping[str, Any], form: Literal["pdf", "png", "svg"] = "pdf") -> bytes:
    """What a `.typ` file makes of its data: a PDF, or one picture. typst.TypstError: it cannot."""
    inputs = {"data": drawable(json.dumps(data, ensure_ascii=False))}
    with _one_at_a_time:
        made = compiler(file).compile(format=form, ppi=_PIXELS_PER_INCH, sys_inputs=inputs)
    assert isinstance(made, bytes), f"{file.name} must make one document, or one page"
    return made


@cache
def compiler(file: Path) -> typst.Compiler:
    """The one compiler of a file; one thread at a time."""
    return typst.Compiler(
        str(file),
        root=str(file.parent),
        font_paths=[str(_FONTS)],
        ignore_system_fonts=True,
    )
