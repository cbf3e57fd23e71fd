"""E-mail addresses, links and names of domains, and accounts of networks in a text."""

import re
from functools import cache

from reports.comments.name_words import never_a_name
from reports.comments.spans import Span, either, hidden, listed


def online_spans(text: str) -> list[Span]:
    """Kinds email, handle and link."""
    spans: list[Span] = []
    for kind, pattern in _patterns():
        found = [_trimmed(text, *match.span("it"), kind) for match in pattern.finditer(text)]
        found = [span for span in found if not _stays(text[span.start : span.end], kind)]
        spans += found
        text = hidden(text, found)
    return spans


def _trimmed(text: str, start: int, end: int, kind: str) -> Span:
    """Without the sentence's own punctuation at the end."""
    return Span(start, start + len(text[start:end].rstrip(".,;:!?)]}\"'-")), kind)


def _stays(found: str, kind: str) -> bool:
    name = found.lower().lstrip("@")
    is_word = not found.startswith("@") and name in never_a_name()
    return kind == "handle" and (is_word or name in listed("online", "handles_that_stay"))


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """In the order in which they are looked for. Every repeat is bounded or can end in one way."""
    bare, ends, spelt, mail, names = (
        either(listed("online", key))
        for key in ("bare_ends", "path_ends", "spelt_ends", "mail", "networks")
    )
    label = r"[\w-]{1,63}"
    host = rf"{label}+(?:\.{label}+){{1,5}}"
    labels = rf"(?<![\w.@-])(?:{label}\.){{1,5}}"
    at = r"[ ]?(?:@|[(\[][ ]?(?:at|@)[ ]?[)\]]|\bat\b)[ ]?"
    dot = r"(?:\.|[ ]?[(\[][ ]?(?:dot|titik)[ ]?[)\]][ ]?|[ ](?:dot|titik)[ ])"
    path = r"[/?#][^\s\ufffc]*+"
    own = r"(?:[ ](?:saya|sy|ku|nya|aku|dia|petugas))?"
    ending = rf"(?:{dot}[a-z]{{2,3}}(?:\.[a-z]{{2,3}})?)?"
    written = (
        ("email", rf"(?P<it>[\w.+-]{{1,64}}+(?:@{host}|{at}{mail}{ending}\b))"),
        ("link", r"(?P<it>(?:\b[a-z][a-z\d+.-]{1,9}://|\bwww\.)[^\s\ufffc]++)"),
        ("link", rf"(?P<it>{labels}(?:{bare}(?![\w-])(?!\.\w)(?:{path})?|{ends}{path}))"),
        ("link", rf"(?<![\w.@-])(?P<it>{label}+{dot}{spelt}\b)"),
        ("handle", r"(?<![\w@.])(?P<it>@[\w.]{2,40}+)"),
        ("handle", rf"\b{names}{own}[ ]?[:=@]{{1,2}}[ ]?(?P<it>[\w.]{{3,40}}+)"),
        (
            "handle",
            rf"\b{names}{own}[ ](?!no\.)(?P<it>(?=[a-z.]{{0,40}}[a-z]\.?[_\d])[\w.]{{3,40}}+)",
        ),
    )
    return tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in written)
