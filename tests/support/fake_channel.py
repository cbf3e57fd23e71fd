"""A channel that keeps what it is given, a clock that is set by hand, and a post between them."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, select

from bot.channels.telegram.links import CAPABILITIES
from bot.core.channel import Content, SendNever
from bot.core.sending.post import Post
from flows.engine.capabilities import Capabilities
from storage.chat import outbox
from storage.database.upsert import table_of
from storage.tables import Outbox
from tests.support.offices import NOON


@dataclass
class Fake:
    """A channel that keeps what it is given; `faults` are raised first, one a send: to any address,
    or to `faulty` alone, as several are sent to at once."""

    faults: list[BaseException] = field(default_factory=list)
    faulty: str = ""
    got: list[tuple[str, Any, str]] = field(default_factory=list)
    capabilities: Capabilities = CAPABILITIES
    files: dict[str, bytes] = field(default_factory=dict)  # what its platform still has

    async def fetch(self, file: str) -> bytes:
        if file not in self.files:
            raise SendNever("gone")
        return self.files[file]

    async def send(self, address: str, content: Content, conversation: str) -> None:
        if self.faults and self.faulty in ("", address):
            raise self.faults.pop(0)
        self.got.append((address, content, conversation))

    @property
    def texts(self) -> list[str]:
        return [content.text for _, content, _ in self.got]


@dataclass
class Clock:
    at: int = NOON

    def __call__(self) -> int:
        return self.at


@dataclass
class Office:
    engine: Engine
    channel: Fake = field(default_factory=Fake)
    clock: Clock = field(default_factory=Clock)

    def post(self, holder: str = "one") -> Post:
        return Post(self.engine, {"tg": self.channel}, self.clock, holder)

    def put(self, key: str, address: str = "tg:1", kind: str = "screen", **body: Any) -> None:
        with self.engine.begin() as connection:
            reply_to = key if kind in ("screen", "document", "again") else ""
            outbox.put(connection, key, kind, address, body or {"text": key}, NOON, reply_to)

    def rows(self) -> list[Any]:
        table = table_of(Outbox)
        with self.engine.connect() as connection:
            return list(connection.execute(select(table).order_by(table.c.id)))
