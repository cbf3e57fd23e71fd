"""Which form a database has, and which this release needs: migrations by number, and tables.

Once a release is out its migrations stay as they are: `released.txt` beside them holds their
SHA-256, as `sha256sum` writes them.
"""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text
from sqlmodel import SQLModel

import storage.index_tables
import storage.office_tables  # noqa: F401

if TYPE_CHECKING:  # alembic comes only where something is migrated: every command starts here
    from alembic.config import Config

VERSION = version("skm")
FOLDER = Path(__file__).parents[1] / "migrations"
_TRIGGERS = {
    "sqlite": {f"audit_entry_keeps_{event}" for event in ("UPDATE", "DELETE", "REPLACE")},
    "postgresql": {"audit_entry_keeps"},
}
_SHOW_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


def config() -> "Config":
    from alembic.config import Config

    found = Config()
    found.set_main_option("script_location", str(FOLDER))
    return found


@cache
def _numbers() -> list[str]:
    """The migrations, oldest first: the name of each file begins with its number."""
    return sorted(path.name[:4] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def head() -> str:
    """The newest migration: the one that this release needs."""
    return _numbers()[-1]


def knows(revision: str) -> bool:
    return revision in _numbers()


def revision_of(connection: Connection) -> str | None:
    """The migration at which a database is; None without tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    number = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if number is None else str(number)


def steps(before: str | None) -> list[tuple[str, str]]:
    """The migrations after that one, oldest first: number, and what it does in a sentence."""
    from alembic.script import ScriptDirectory

    found = []
    for each in ScriptDirectory.from_config(config()).walk_revisions():
        if each.revision == before:
            break
        found.append((each.revision, _first_sentence(each.doc)))
    return found[::-1]


def _first_sentence(doc: str | None) -> str:
    plain = " ".join((doc or "").split())
    return re.split(r"(?<=[.:]) ", plain, maxsplit=1)[0].rstrip(":")


def edited() -> list[str]:
    """Files of released migrations that are not what was released, or are not there."""
    return [
        name
        for line in (FOLDER / "released.txt").read_text().splitlines()
        for digest, name in [line.split()]
        if _sha256(FOLDER / name) != digest
    ]


def _sha256(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""


def missing(connection: Connection) -> list[str]:
    """Tables and columns that this release uses and that are not there."""
    there = {
        name: {column["name"] for column in columns}
        for (_, name), columns in inspect(connection).get_multi_columns().items()
    }
    return [
        found
        for table in SQLModel.metadata.sorted_tables
        for found in (
            [f"table {table.name}"]
            if table.name not in there
            else [
                f"column {table.name}.{c.name}" for c in table.c if c.name not in there[table.name]
            ]
        )
    ]


def differences(connection: Connection) -> list[str]:
    """… and whatever else is not as its migrations made it. Takes about a second."""
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"compare_type": True})
    flat = [
        each
        for found in compare_metadata(context, SQLModel.metadata)
        for each in (found if isinstance(found, list) else [found])
    ]
    dialect = connection.dialect.name
    triggers = set(connection.execute(text(_SHOW_TRIGGERS[dialect])).scalars())
    gone = sorted(_TRIGGERS[dialect] - triggers)
    return [*_sentences(flat), *(f"trigger {name} is missing" for name in gone)]


def _sentences(differences: list[Any]) -> Iterator[str]:
    """alembic's tuples: (what, of what …). What was added by somebody else harms nothing."""
    for what, *of in differences:
        if what == "add_table":
            yield f"table {of[0].name} is missing"
        elif what == "add_column":
            yield f"column {of[1]}.{of[2].name} is missing"
        elif what in ("add_index", "add_constraint", "add_fk"):
            kind = {"add_index": "index"}.get(what, "constraint")
            yield f"{kind} {of[0].name} of table {of[0].table.name} is missing"
        elif what.startswith("modify_"):
            yield f"column {of[1]}.{of[2]} is changed ({what.removeprefix('modify_')})"
        elif what == "remove_column":
            yield f"column {of[1]}.{of[2].name} is no column of skm"
