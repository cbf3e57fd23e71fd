"""What people are called where a pseudonym stands for them: a code, and beside it the function that
whoever invited them wrote, where they wrote one."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from storage.office import audit

SHOWN = 6  # letters: enough to tell the people of one agency apart
OPERATOR = "operator"  # whoever sits at the command line


def name_of(pseudonym: str, function: str = "") -> str:
    """Such as "A3F19C" or "A3F19C (Kepala Samsat)"; of nobody's chat: the operator."""
    code = pseudonym[:SHOWN].upper() if pseudonym not in ("", OPERATOR) else OPERATOR
    return f"{code} ({function})" if function else code


def names(connection: Connection, pseudonyms: Iterable[str]) -> Mapping[str, str]:
    """Pseudonym → name, also of those whose role has ended since: the log has their functions."""
    wanted = set(pseudonyms)
    functions = audit.functions(connection, wanted)
    return {each: name_of(each, functions.get(each, "")) for each in wanted}


def name(connection: Connection, pseudonym: str) -> str:
    return names(connection, [pseudonym])[pseudonym]
