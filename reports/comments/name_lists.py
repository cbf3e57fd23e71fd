"""The words by which names are told, read from `names.toml`, where each list says what it means."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

Words = frozenset[str]


class NameLists(NamedTuple):
    """Field by field `names.toml`."""

    titles: Words
    weak_titles: Words
    roles: Words
    abbreviations: Words
    shortened: Words
    introducers: Words
    pointers: Words
    between: Words
    posts: Words
    places_named_after: Words
    after_adjectives: Words
    joins: Words
    both: Words
    endings: Words
    known: Words
    ordinary: Words


@cache
def name_lists() -> NameLists:
    return NameLists(**{key: frozenset(value.split()) for key, value in _read("names").items()})


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("reports.comments") / f"{name}.toml").read_text("utf-8"))


@cache
def never_a_name() -> Words:
    """Ordinary words, those that come before names, and abuse: that is folded, not masked."""
    has = name_lists()
    before = has.titles | has.weak_titles | has.roles | has.abbreviations | has.posts
    return (
        has.ordinary | before | has.introducers | has.joins | set(_read("abuse")["words"].split())
    )


@cache
def names() -> Words:
    """Known names, and those ends of names that are names themselves."""
    return name_lists().known | name_lists().endings


@cache
def endings() -> tuple[str, ...]:
    return tuple(name_lists().endings)
