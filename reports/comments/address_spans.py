"""E-mail addresses, links and accounts of networks in a text."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from reports.comments.spans import Span, hidden


def address_spans(text: str) -> list[Span]:
    """Kinds email, handle and link."""
    spans: list[Span] = []
    for kind, pattern in _patterns():
        found = [_trimmed(text, *match.span("it"), kind) for match in pattern.finditer(text)]
        found = [span for span in found if not _stays(text[span.start : span.end])]
        spans += found
        text = hidden(text, found)
    return spans


def _trimmed(text: str, start: int, end: int, kind: str) -> Span:
    """Without the sentence's own punctuation at the end."""
    return Span(start, start + len(text[start:end].rstrip(".,;:!?)]}\"'-")), kind)


def _stays(found: str) -> bool:
    data, found = _data(), found.lower()
    host = re.sub(r"^https?://", "", found).rstrip("/")
    if "@" not in found and "/" not in host and host.endswith(tuple(data["public_ends"])):
        return True
    return found.lstrip("@") in data["public_handles"] + data["titles"]


@cache
def _data() -> dict[str, list[str]]:
    data = tomllib.loads((files("reports.comments") / "addresses.toml").read_text("utf-8"))
    return {key: value.split() if isinstance(value, str) else value for key, value in data.items()}


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """In the order in which they are looked for. Every repeat is bounded or can end in one way."""
    data = _data()
    bare, ends, mail, names = (
        _either(data[key]) for key in ("bare_ends", "path_ends", "mail", "networks")
    )
    host = r"[a-z0-9-]{1,63}+(?:\.[a-z0-9-]{1,63}+){1,5}"
    labels = r"(?<![\w.@-])(?:[a-z0-9-]{1,63}\.){1,5}"
    at = r"[ ]?(?:@|[(\[](?:at|@)[)\]])[ ]?"
    path = r"[/?#][^\s\ufffc]*+"
    written = (
        ("email", rf"(?P<it>[\w.+-]{{1,64}}+(?:@{host}|{at}{mail}(?:\.[a-z]{{2,3}}){{0,2}}\b))"),
        ("link", r"(?P<it>(?:https?://|\bwww\.)[^\s\ufffc]++)"),
        ("link", rf"(?P<it>{labels}(?:{bare}(?![\w-])(?!\.\w)(?:{path})?|{ends}{path}))"),
        ("handle", r"(?<![\w@.])(?P<it>@[a-z0-9_.]{2,40}+)"),
        ("handle", rf"\b{names}[ ]?:[ ]?(?P<it>(?=[a-z]{{0,40}}[\d_.]\w)[a-z0-9_.]{{3,40}}+)"),
    )
    return tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in written)


def _either(words: list[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))})"
