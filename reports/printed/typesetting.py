"""Pages and pictures drawn by typst from data alone, one at a time, with our own fonts.

A `.typ` file makes its pages by the function `made`, of the data. They come as a text in a program
of two lines, not as typst's inputs: these are part of its standard library, and nothing that was
set before could be used again. So what two pages have in common is set once.

A picture for a phone is a JPEG: typst itself packs PNGs alone, which takes three times as long as
to set the page. PDFium draws what typst has set (docs/decisions/0039).

The fonts are our own (`reports/fonts`), so a page is the same on every machine: Inter, and for the
letters that it lacks Noto's. A letter that is in none is a dot (`storage.files.letters`).

Typst takes 10 MB, PDFium 8: they come with the first page, in the thread that makes it.
"""

import json
import re
from collections.abc import Mapping
from contextlib import closing
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from storage.files.letters import drawable

if TYPE_CHECKING:
    import typst

_FONTS = Path(__file__).parents[1] / "fonts"
POINTS_PER_INCH = 72
QUALITY = 90  # of a JPEG: what platforms make of it is coarser
_one_at_a_time = Lock()


def drawn(
    file: Path,
    data: Mapping[str, Any],
    form: Literal["pdf", "png", "svg", "jpeg"] = "pdf",
    pixels: float = 1,
) -> bytes:
    """What a `.typ` file makes of its data: a PDF, or one picture, of so many pixels a point on
    each side. RuntimeError (a typst.TypstError): it cannot."""
    if form == "jpeg":
        return _jpeg(_made(file, data, format="pdf", pdf_tags=False), pixels)
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
        asked = _compiler(file.parent, program(file, data))
        return json.loads(asked.query(f"<{label}>", field="value", one=True))


def program(file: Path, data: Mapping[str, Any]) -> bytes:
    """What typst compiles. In a string of typst, as in one of JSON, a backslash stands before a
    quotation mark and a backslash, and a JSON text has nothing else to be marked: it is never
    evaluated."""
    text = json.dumps(drawable(json.dumps(data, ensure_ascii=False)), ensure_ascii=False)
    return f'#import "/{file.name}": made\n#made(json(bytes({text})))'.encode()


def _made(file: Path, data: Mapping[str, Any], **how: Any) -> bytes:
    with _one_at_a_time:
        made = compiler(file.parent).compile(program(file, data), **how)
    assert isinstance(made, bytes), f"{file.name} must make one document, or one page"
    return made


def _jpeg(pdf: bytes, pixels: float) -> bytes:
    import pypdfium2

    made = BytesIO()
    with _one_at_a_time, pypdfium2.PdfDocument(_plain(pdf)) as document:
        page = document[0].render(scale=pixels, rev_byteorder=True, prefer_bgrx=True)
        with closing(page):  # also its memory is given back by one thread at a time
            page.to_pil().save(made, "JPEG", quality=QUALITY)
    return made.getvalue()


def _plain(pdf: bytes) -> bytes:
    """With sRGB named as the device's colours. Else PDFium works out the profile's curves anew for
    each document, which takes as long as to draw the page. Grey (`luma`) has a profile of its own,
    and is not for such a page."""
    return re.sub(rb"\[/ICCBased \d+ 0 R\]", lambda found: b"/DeviceRGB".ljust(len(found[0])), pdf)


@cache
def compiler(folder: Path) -> "typst.Compiler":
    """The one compiler of a folder; one thread at a time."""
    return _compiler(folder)


def _compiler(folder: Path, source: bytes | None = None) -> "typst.Compiler":
    import typst

    return typst.Compiler(source, root=str(folder), font_paths=_fonts())


@cache
def _fonts() -> "typst.Fonts":
    import typst

    return typst.Fonts(False, False, [str(_FONTS)])
