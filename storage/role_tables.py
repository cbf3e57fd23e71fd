"""What roles do, as tables. Times are Unix seconds, UTC."""

from sqlalchemy import BigInteger, LargeBinary, Text
from sqlmodel import Field, SQLModel

import storage.tables  # noqa: F401  (names constraints)


class AuditEntry(SQLModel, table=True):
    """A change made with a role's power; rows are only ever added. `before`, `after`: JSON."""

    __tablename__ = "audit_entry"
    id: int | None = Field(default=None, primary_key=True)
    at: int = Field(sa_type=BigInteger)
    by: str = Field(index=True)  # pseudonym
    action: str
    scope_kind: str  # unit | agency | everything (`storage.scope`)
    scope: str = Field(index=True)  # a unit's code, an agency's name, or "*"
    before: str | None = Field(default=None, sa_type=Text)
    after: str | None = Field(default=None, sa_type=Text)


class SentFile(SQLModel, table=True):
    """A table that somebody with a role sent into a chat, until it is used or forgotten.
    `content`: its cells as JSON, rows of texts."""

    __tablename__ = "sent_file"
    address: str = Field(primary_key=True)
    file: str
    content: bytes = Field(sa_type=LargeBinary)
    until: int = Field(sa_type=BigInteger, index=True)


class ConsoleKey(SQLModel, table=True):
    """A way into the web console: a one-time link, or a session; only the token's hash is kept.

    Good until `until`, which a session puts off each time it is used, at most until `ends`."""

    __tablename__ = "console_key"
    hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    kind: str  # link | session
    address: str = Field(index=True)
    until: int = Field(sa_type=BigInteger, index=True)
    ends: int = Field(sa_type=BigInteger)
