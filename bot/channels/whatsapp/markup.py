"""What stands out, as WhatsApp writes it; and no words of anybody's that would.

WhatsApp knows no way to write a `*` that is only a star. So where one could begin or end markup a
sign that looks alike stands in its place; between letters, as in a link, it cannot.
https://faq.whatsapp.com/539178204879377
"""

import re

from flows.engine.capabilities import length
from flows.engine.say import Message

MARKS = {"bold": "*", "code": "```"}
_ALIKE = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"}
_SIGN = re.compile(r"`|(?<![^\W_])[*_~]|[*_~](?![^\W_])")
_LINE = re.compile(r"^(\s*)([>-])(?= )", re.MULTILINE)  # a quotation, a list
_BEGINS = {">": "›", "-": "–"}


def marked(message: Message, most: int) -> str:
    """The text with its marks; without, where it would be too long with them."""
    text, at = "", 0
    for span in message.spans:
        text += plain(message.text[at : span.start])
        inner = plain(message.text[span.start : span.end])
        mark = MARKS[span.kind] if _can_stand_out(message.text, span.start, span.end) else ""
        text, at = f"{text}{mark}{inner}{mark}", span.end
    text = _lines(text + plain(message.text[at:]))
    return text if length(text) <= most else _lines(plain(message.text))


def plain(text: str) -> str:
    """With nothing in it that WhatsApp takes for markup within a line. As long as before."""
    return _SIGN.sub(lambda sign: _ALIKE[sign[0]], text)


def _lines(text: str) -> str:
    return _LINE.sub(lambda line: line[1] + _BEGINS[line[2]], text)


def _can_stand_out(text: str, start: int, end: int) -> bool:
    """On one line, between spaces or signs: elsewhere the marks themselves would be read."""
    inner, before, behind = text[start:end], text[start - 1 : start], text[end : end + 1]
    whole = inner == inner.strip() and inner != "" and "\n" not in inner
    return whole and not before.isalnum() and not behind.isalnum()
