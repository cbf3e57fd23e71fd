"""What is kept, as tables. Times are Unix seconds, UTC; dates are the unit's local dates.

What joins a person to an answer: a conversation carries a chat's address and, once submitted, its
response's id, and is deleted when the grace time ends. No other row carries both.
"""

from datetime import date
from typing import Any

from sqlalchemy import JSON as Json
from sqlalchemy import BigInteger, Index, LargeBinary, MetaData, Text, text
from sqlmodel import Column, Field, SQLModel, UniqueConstraint

SQLModel.metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Rows are read and written by Core: what Pydantic makes of a class is built where one is asked for.
SQLModel.model_config["defer_build"] = True

# Which rows an index holds, migrations say to both databases. Here it stands for SQLite alone: to
# name Postgres would bring in all that SQLAlchemy knows of it, with every command.
_OPEN = text("status = 'open'")
_OF_A_FILE = text("file <> ''")
_IN_ORDER = text("written_on IS NOT NULL")
_UNSENT = text("sent_at IS NULL AND failed_at IS NULL")
_HELD = text("held_since IS NOT NULL AND sent_at IS NULL AND failed_at IS NULL")


class Unit(SQLModel, table=True):
    """A service unit. `questionnaire` is the version that its next citizen gets."""

    id: int | None = Field(default=None, primary_key=True)
    code: str
    name: str
    folded_code: str = Field(unique=True)  # casefolded: a link typed by hand still finds it
    folded_name: str = Field(index=True)  # casefolded, for search on any database
    agency: str = Field(index=True)
    region: str
    timezone: str  # IANA
    kind: str = ""
    period: str = "quarter"
    population: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    opening_hours: str = ""
    services: Any = Field(sa_column=Column(Json, nullable=False))  # [{"id", "label"}], offered
    retired: Any = Field(sa_column=Column(Json, nullable=False, default=list))  # … and no more
    users: Any = Field(sa_column=Column(Json, nullable=False, default=dict))  # period → how many
    closed_until: date | None = None  # no survey begins before that day
    questionnaire: str = Field(foreign_key="questionnaire.id")
    web: str = ""  # visit: nobody without a visit's link answers in the web or at a kiosk


class Edition(SQLModel, table=True):
    """How often what goes by this name was changed, for whoever keeps a copy in memory."""

    name: str = Field(primary_key=True)
    number: int


class Questionnaire(SQLModel, table=True):
    """A questionnaire by the hash of its content (`flows.instrument.Questionnaire.id`)."""

    id: str = Field(primary_key=True)
    content: str = Field(sa_type=Text)


class Publication(SQLModel, table=True):
    """A questionnaire put in force in a unit: its version number there, when and by whom."""

    __table_args__ = (UniqueConstraint("unit_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    number: int
    questionnaire: str = Field(foreign_key="questionnaire.id")
    at: int = Field(sa_type=BigInteger)
    by: str  # pseudonym
    note: str = ""  # what the admin wrote to it


class Conversation(SQLModel, table=True):
    """One person in one form; `state` is `flows.engine.conversation.Conversation` as JSON."""

    __table_args__ = (
        Index("ix_conversation_open", "address", unique=True, sqlite_where=_OPEN),
    )  # fmt: skip
    id: str = Field(primary_key=True)
    address: str = Field(index=True)  # channel ":" opaque id
    revision: int
    status: str
    unit: str = ""  # its code, for surveys
    state: str = Field(sa_type=Text)
    last: int = Field(sa_type=BigInteger)
    until: int = Field(
        sa_type=BigInteger
    )  # `flows.engine.ended.until`; every tap moves it: no index
    reminded: bool = False


class Heard(SQLModel, table=True):
    """The ids of a chat's last events (JSON) where no conversation is left to remember them."""

    address: str = Field(primary_key=True)
    events: str = Field(sa_type=Text)
    until: int = Field(sa_type=BigInteger)


class Response(SQLModel, table=True):
    """A submitted survey with at least one counted answer. `answers` is {item: value or null}."""

    __table_args__ = (
        Index("ix_response_unit_date", "unit_id", "local_date"),
        Index("ix_response_file", "unit_id", "file", sqlite_where=_OF_A_FILE),
    )  # fmt: skip
    id: str = Field(primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    service: str
    instrument: str
    questionnaire: str = Field(foreign_key="questionnaire.id")
    channel: str
    source: str  # `flows.survey.source`
    verified: bool
    local_date: date
    slot: str  # morning | afternoon, of the annex; "" where no time is known
    submitted_at: int | None = Field(default=None, sa_type=BigInteger)  # until the radar has run
    duration: int | None = None  # seconds
    consent: str = ""  # version of the text agreed to
    answers: Any = Field(sa_column=Column(Json, nullable=False))
    profile: Any = Field(sa_column=Column(Json, nullable=False))
    extra: Any = Field(sa_column=Column(Json, nullable=False))
    comment: str | None = Field(default=None, sa_type=Text)
    salt: bytes = Field(sa_type=LargeBinary)
    leaf: bytes = Field(sa_type=LargeBinary, unique=True)
    claim: bytes | None = Field(default=None, sa_type=LargeBinary)  # whose: a hash under the
    # period's key, gone with it
    told: str = ""  # the week whose digest was made of it
    file: str = ""  # of an imported one: the key of the file that it came from


class ServiceStandard(SQLModel, table=True):
    """What a unit promises of a service ("": of all) from a day on, by element."""

    __tablename__ = "service_standard"
    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    service: str = Field(primary_key=True)
    element: str = Field(primary_key=True)
    valid_from: date = Field(primary_key=True)
    text: str


class Voice(SQLModel, table=True):
    """That somebody's voice for a unit, service and period is counted: a keyed hash, no time, and
    from the next day on no order (`storage.answers.shuffling`). Gone with the period's key."""

    __table_args__ = (
        Index("ix_voice_written_on", "written_on", sqlite_where=_IN_ORDER),
        {"sqlite_with_rowid": False},
    )  # fmt: skip
    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    period: str = Field(primary_key=True)
    hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    written_on: date | None = None  # until the rows are shuffled


class VisitsIssued(SQLModel, table=True):
    """How many single-use visit links were made for a unit's day."""

    __tablename__ = "visits_issued"
    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    day: date = Field(primary_key=True)
    number: int


class PeriodKey(SQLModel, table=True):
    """The random key of `Voice.hash`, sealed under SKM_SECRET_KEY; destroyed after the period."""

    __tablename__ = "period_key"
    unit_id: int = Field(primary_key=True, foreign_key="unit.id")
    period: str = Field(primary_key=True)
    sealed: bytes = Field(sa_type=LargeBinary)
    destroy_after: date = Field(index=True)


class Subscription(SQLModel, table=True):
    """A chat that asked to be told of a unit's improvements, until then; nothing of its answers,
    nor, from the next day on, the order in which it came (`storage.answers.shuffling`)."""

    __table_args__ = (
        Index("ix_subscription_written_on", "written_on", sqlite_where=_IN_ORDER),
        {"sqlite_with_rowid": False},
    )  # fmt: skip
    address: str = Field(primary_key=True)
    unit_id: int = Field(primary_key=True, foreign_key="unit.id", index=True)
    until: int = Field(sa_type=BigInteger)
    written_on: date | None = None  # until the rows are shuffled


class Dropout(SQLModel, table=True):
    """Where an abandoned survey stopped. Joins to nobody."""

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    service: str
    questionnaire: str
    step: str
    month: str


class Outbox(SQLModel, table=True):
    """Something to send. A unique key makes composing twice insert nothing."""

    __table_args__ = (
        Index("ix_outbox_due", "due_at", sqlite_where=_UNSENT),
        Index("ix_outbox_held", "address", sqlite_where=_HELD),
    )
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str  # screen | ending | digest | extras | news
    address: str
    body: str = Field(sa_type=Text)  # JSON
    reply_to: str = ""  # the event that it answers; "": nobody waits for it, and it is paced
    due_at: int = Field(sa_type=BigInteger)
    leased_until: int = Field(default=0, sa_type=BigInteger)
    attempts: int = 0
    resent: int = 0  # leases that lapsed: the send may have happened twice
    sent_at: int | None = Field(default=None, sa_type=BigInteger)
    failed_at: int | None = Field(default=None, sa_type=BigInteger)
    error: str = ""
    held_since: int | None = Field(default=None, sa_type=BigInteger)  # its reader has to write


class Invite(SQLModel, table=True):
    """A one-time link that gives a chat a role; only the token's hash is kept."""

    hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    id: str = Field(unique=True)  # names it behind buttons; opens nothing
    role: str
    scope_kind: str  # unit | agency | everything (`storage.scope`)
    scope: str
    function: str = ""  # of whoever joins, such as "Kepala Samsat", as the one who invites wrote it
    by: str = ""  # the chat that invites; "" for the operator
    expires_at: int = Field(sa_type=BigInteger)
    used_at: int | None = Field(default=None, sa_type=BigInteger)
    used_by: str = ""  # the chat that joined
    withdrawn_at: int | None = Field(default=None, sa_type=BigInteger)


class Role(SQLModel, table=True):
    """A chat's role in a scope: its kind, and a unit's code, an agency's name or "*"."""

    __table_args__ = (Index("ix_role_scope", "role", "scope_kind", "scope"),)
    address: str = Field(primary_key=True)
    role: str = Field(primary_key=True)
    scope_kind: str = Field(primary_key=True)
    scope: str = Field(primary_key=True)
    since: int = Field(sa_type=BigInteger)
    language: str = "id"
    function: str = ""  # as in the invitation
    heard: int = Field(default=0, sa_type=BigInteger)  # when it last wrote, on a channel with a
    # window (`flows.engine.capabilities`)


class Lease(SQLModel, table=True):
    """Who may do what only one process should do at a time."""

    name: str = Field(primary_key=True)
    holder: str
    until: int = Field(sa_type=BigInteger)


class Destroyed(SQLModel, table=True):
    """What was destroyed for good (`storage.database.destroyed`): no backup brings it back."""

    what: str = Field(primary_key=True)


class Begun(SQLModel, table=True):
    """What was begun and is not done: a run of a process, or an event that it had in hand."""

    key: str = Field(primary_key=True)
    ends: int  # of processes, while they had it in hand
