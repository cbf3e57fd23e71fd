"""Pages and pictures drawn by typst from data alone, one at a time, with our own fonts.

The fonts are our own (`reports/fonts`), so a page is the same on every machine: Inter, and for the
letters that it lacks Noto's. A letter that is in none is a dot (`storage.files.letters`).

Typst takes 10 MB: it comes with the first page (`compiler`), in the thread that makes it.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from storage.files.letters import drawable

if TYPE_CHECKING:
    import typst

_FONTS = Path(__file__).parents[1] / "fonts"
POINTS_PER_INCH = 72
_one_at_a_time = Lock()


def drawn(
    file: Path,
    data: Mapping[str, Any],
    form: Literal["pdf", "png", "svg"] = "pdf",
    pixels: float = 1,
) -> bytes:
    """What a `.typ` file makes of its data: a PDF, or one picture, of so many pixels a point on
    each side. RuntimeError (a typst.TypstError): it cannot."""
    return _made(file, data, format=form, ppi=pixels * POINTS_PER_INCH)


def archived(file: Path, data: Mapping[str, Any]) -> bytes:
    """A PDF to be kept for years and read aloud: PDF/A-2b (ISO 19005-2), PDF/UA-1 (ISO 14289-1).
    Should letters come together for which no font has a form, which both forbid, a plain one."""
    try:
        return _made(file, data, format="pdf", pdf_standards=["a-2b", "ua-1"])
    except RuntimeError:  # a typst.TypstError
        return _made(file, data, format="pdf")


def told(file: Path, data: Mapping[str, Any], label: str) -> Any:
    """What the file says of its own pages, in `metadata` under this label."""
    with _one_at_a_time:
        # Its data stay from the last time: a query takes none.
        _compiled(file, data, format="pdf")
        return json.loads(compiler(file).query(f"<{label}>", field="value", one=True))


def _made(file: Path, data: Mapping[str, Any], **how: Any) -> bytes:
    with _one_at_a_time:
        made = _compiled(file, data, **how)
    assert isinstance(made, bytes), f"{file.name} must make one document, or one page"
    return made


def _compiled(file: Path, data: Mapping[str, Any], **how: Any) -> Any:
    inputs = {"data": drawable(json.dumps(data, ensure_ascii=False))}
    return compiler(file).compile(sys_inputs=inputs, **how)


@cache
def compiler(file: Path) -> "typst.Compiler":
    """The one compiler of a file; one thread at a time."""
    import typst

    return typst.Compiler(
        str(file),
        root=str(file.parent),
        font_paths=typst.Fonts(False, False, [str(_FONTS)]),
    )
