"""What Word counts by itself: numbers of pages and captions, references, the list of contents.

Each field holds what it shows until Word counts anew, so that nothing is asked when the document is
opened.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from docx.document import Document as Open
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as Line

_WIDE = 162  # mm between the margins
_LEVELS = (1, 2)


def field(line: Line, code: str, shown: str) -> Any:
    """At the end of the line. Its last element."""
    _begin(line, code)
    line.add_run(shown)
    return _end(line)


def mark(line: Line, name: str, first: Any = None, last: Any = None) -> None:
    """A bookmark around these elements of the line, or all of it, to which a reference leads."""
    begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for each in (begin, end):
        each.set(qn("w:id"), str(int(_bookmark(name)[4:], 16)))
    begin.set(qn("w:name"), _bookmark(name))
    (first if first is not None else line.runs[0]._r).addprevious(begin)
    (last if last is not None else line.runs[-1]._r).addnext(end)


def reference(line: Line, name: str) -> None:
    """The words that were marked so, and a way there."""
    field(line, f"REF {_bookmark(name)} \\h", name)


def contents(paper: Open, pages: Sequence[tuple[int, str, str]]) -> None:
    """Of the headings, each marked by its words; `pages`: level, words, page."""
    for level in _LEVELS:
        style: Any = paper.styles.add_style(f"toc {level}", 1, builtin=True)
        style.base_style = paper.styles["Normal"]
        style.font.bold = level == 1
        shape = style.paragraph_format
        shape.left_indent, shape.space_after = Mm(6 * (level - 1)), Pt(3)
        shape.space_before = Pt(6 if level == 1 else 0)
        shape.tab_stops.add_tab_stop(Mm(_WIDE), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    line = None
    for place, (level, words, page) in enumerate(pages):
        line = paper.add_paragraph(style=f"toc {level}")
        if not place:
            _begin(line, f'TOC \\o "{_LEVELS[0]}-{_LEVELS[-1]}" \\h \\z \\u')
        line.add_run(f"{words}\t")
        field(line, f"PAGEREF {_bookmark(words)} \\h", page)
    if line is not None:
        _end(line)


def _begin(line: Line, code: str) -> None:
    _character(line, "begin")
    run = line.add_run()._r
    made = OxmlElement("w:instrText")
    made.set(qn("xml:space"), "preserve")
    made.text = f" {code} "
    run.append(made)
    _character(line, "separate")


def _end(line: Line) -> Any:
    return _character(line, "end")


def _character(line: Line, kind: str) -> Any:
    run = line.add_run()._r
    made = OxmlElement("w:fldChar")
    made.set(qn("w:fldCharType"), kind)
    run.append(made)
    return run


def _bookmark(name: str) -> str:
    """Word takes 40 letters, digits and underscores."""
    return f"_Ref{int.from_bytes(hashlib.sha256(name.encode()).digest()[:3]):06x}"
