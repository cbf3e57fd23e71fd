"""Surveys a second over real HTTP: webhooks to 1, 2 and 4 `skm serve` on one Postgres, beside
pgbench with the very statements of such surveys. `python -m tests.bench.webhook [SURVEYS]`.

Whoever posts, Bot API and Postgres share the machine with what is measured, so each one's processor
time is told, too. pgbench runs what one citizen alone causes, prepared: none of it is done together
for several, as `serve` does.
"""

import asyncio
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import cycle
from pathlib import Path
from statistics import quantiles
from typing import Any

import aiohttp
import psycopg
from aiohttp import web
from psycopg import sql
from sqlalchemy import Engine, event

from bot.channels.telegram.links import PATH
from tests.bench import measure
from tests.bench.crowd import Crowd
from tests.bench.network import ANSWERS, BOT, Network
from tests.bench.ours import BUTTONS, _prepared, subject
from tests.bench.subject import Receive
from tests.support import postgres
from tests.support.end_to_end import free_port
from tests.support.skm_process import Process, environment, forked
from tests.support.waiting import PATIENCE

OPEN, SURVEYS, PROCESSES = 32, 320, (1, 2, 4)
UPDATES = len(BUTTONS) + 1  # of a survey
TOKEN, HOOK = "42:bench", "rahasia-webhook_1"
ENDS = ("BEGIN", "COMMIT", "ROLLBACK")
HEAD = f"""\
  {"":<24}{"surveys":>10}{"update, ms":>16}{"CPU ms a survey":>27}
  {"":<24}{"a second":>10}{"p50":>8}{"p99":>8}{"serve":>9}{"Postgres":>9}{"client":>9}"""


class Api(Network):
    """The Bot API over HTTP: what a survey sends is heard by the crowd, the rest is taken."""

    public = ""  # where it was told to bring updates

    async def answer(self, request: web.Request) -> web.Response:
        method, body = request.match_info["method"], await request.read()
        if method in ANSWERS:
            return web.Response(body=await self.post(method, body), content_type="application/json")
        result = {"getMe": BOT, "getWebhookInfo": {"url": self.public}}.get(method, True)
        return web.json_response({"ok": True, "result": result})


@dataclass(frozen=True)
class Run:
    """`used`: processor seconds of `serve`, Postgres and this process."""

    wall: float
    walls: Sequence[float]
    used: Sequence[float]

    @property
    def surveys(self) -> float:
        return len(self.walls) / UPDATES


def measured(server: postgres.Server, processes: int, surveys: int, turns_open: int = OPEN) -> Run:
    with tempfile.TemporaryDirectory(prefix="skm-bench-") as folder:
        url = _prepared(server.fresh_database())
        return asyncio.run(_measured(server, url, processes, surveys, turns_open, Path(folder)))


async def _measured(
    server: postgres.Server, url: str, processes: int, surveys: int, turns_open: int, folder: Path
) -> Run:
    ours = subject("serve", lambda: url)  # how it is answered; `serve` is what is opened
    async with opened(url, processes, folder) as (api, receive, running):
        first = Crowd(ours, receive, api)
        for chat in range(2 * processes):  # each has done everything once
            await first.survey(measure.FIRST_CHAT - 1 - chat)
        await first.settle()
        crowd = Crowd(ours, receive, api)
        before, began = _used(server, running), time.perf_counter()
        await measure.answer(crowd, turns_open, surveys)
        wall = time.perf_counter() - began
        after = _used(server, running)
    return Run(wall, crowd.walls, [b - a for a, b in zip(before, after, strict=True)])


@asynccontextmanager
async def opened(
    url: str, processes: int, folder: Path, command: str = "serve", start: Any = forked
) -> AsyncIterator[tuple[Api, Receive, list[Process]]]:
    """So many processes, and what brings an update to the next of them."""
    api, ports = Api(), [free_port() for _ in range(processes)]
    api.public = f"http://127.0.0.1:{ports[0]}"
    app = web.Application()
    app.router.add_post("/{bot}/{method}", api.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    env = environment(
        url, telegram_token=TOKEN, webhook_secret=HOOK, public_url=api.public,
        telegram_api_url="http://{}:{}".format(*runner.addresses[0]),
    )  # fmt: skip
    headers = {"X-Telegram-Bot-Api-Secret-Token": HOOK, "Content-Type": "application/json"}
    with ExitStack() as stack:
        each = ({**env, "SKM_HTTP_PORT": str(port)} for port in ports)
        running = [stack.enter_context(start(command, env=e, folder=folder)) for e in each]
        async with aiohttp.ClientSession(headers=headers) as client:
            await asyncio.gather(*(_listening(client, port) for port in ports))
            turn = cycle(ports)

            async def receive(raw: bytes) -> bytes:
                to = f"http://127.0.0.1:{next(turn)}{PATH}"
                async with client.post(to, data=raw) as response:
                    assert response.status == 200, response.status
                    return await response.read()

            yield api, receive, running
    await runner.cleanup()


async def _listening(client: aiohttp.ClientSession, port: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                async with client.get(f"http://127.0.0.1:{port}{PATH}"):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)


def _used(server: postgres.Server, running: Sequence[Process]) -> tuple[float, float, float]:
    serve = sum(processor(each.pid) for each in running)
    return serve, sum(map(processor, server.processes)), time.process_time()


def processor(pid: int) -> float:
    """Seconds that a process used. An autovacuum may have ended meanwhile."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Recorded:
    """What is asked of Postgres while the `with` lasts: statements with the literals of their
    numbered parameters."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.asked: list[tuple[str, str]] = []
        self._connection = connection

    def __enter__(self) -> "Recorded":
        for name, heard in self._events.items():
            event.listen(Engine, name, heard)
        return self

    def __exit__(self, *_: object) -> None:
        for name, heard in self._events.items():
            event.remove(Engine, name, heard)

    @cached_property
    def _events(self) -> dict[str, Callable[..., None]]:
        def plain(says: str) -> Callable[..., None]:
            return lambda _: self.asked.append((says, ""))

        ends = {name: plain(name.upper()) for name in ("begin", "commit", "rollback")}
        return {**ends, "before_cursor_execute": self._executed}

    def _executed(
        self, _connection: Any, _cursor: Any, statement: str, given: Any, _more: Any, many: bool
    ) -> None:
        names: list[str] = []

        def number(found: re.Match[str]) -> str:
            names.append(found[1])
            return f"${len(names)}"

        text = re.sub(r"%\((\w+)\)s", number, statement).replace("%%", "%")
        for row in given if many else [given]:
            values = [sql.Literal(row[name]).as_string(self._connection) for name in names]
            self.asked.append((text, f"({', '.join(values)})" if values else ""))


Asked = Sequence[tuple[str, str]]


def recorded(url: str, surveys: int) -> list[Asked]:
    """What each of so many citizens has asked of the database, one after the other."""
    return asyncio.run(_recorded(url, surveys))


async def _recorded(url: str, surveys: int) -> list[Asked]:
    found: list[Asked] = []
    network, ours = Network(), subject("recorded", lambda: url)
    async with ours.open(network) as receive:
        crowd = Crowd(ours, receive, network)
        await crowd.survey(measure.FIRST_CHAT - 1)
        await crowd.settle()
        with psycopg.connect(url) as connection, Recorded(connection) as heard:
            for number in range(surveys):
                await crowd.survey(measure.FIRST_CHAT + number)
                await crowd.settle()
                found.append(heard.asked)
                heard.asked = []
    return found


def script(citizens: Sequence[Asked]) -> str:
    """For pgbench: every statement is prepared, then executed as often as it was."""
    names: dict[str, str] = {}
    lines = [
        f"EXECUTE {names.setdefault(text, f's{len(names)}')}{values}" if text not in ENDS else text
        for each in citizens
        for text, values in each
    ]
    first = [f"PREPARE {name} AS {' '.join(text.split())}" for text, name in names.items()]
    return "".join(f"{line};\n" for line in (*first, *lines))


def replayed(server: postgres.Server, citizens: Sequence[Asked], turns_open: int = OPEN) -> float:
    """Surveys a second, so many pgbench side by side, each with its part of the citizens."""
    url = _prepared(server.fresh_database())
    with tempfile.TemporaryDirectory(prefix="skm-bench-") as folder:
        commands: list[list[str | Path]] = []
        for number in range(turns_open):
            file = Path(folder) / f"{number}.sql"
            file.write_text(script(citizens[number::turns_open]))
            commands.append([server.tools / "pgbench", "-n", "-t", "1", "-f", file, url])
        began = time.perf_counter()
        running = [subprocess.Popen(each, **_QUIET) for each in commands]
        said = [each.communicate()[0] for each in running]
        wall = time.perf_counter() - began
    assert not any(each.returncode for each in running), said[0]
    return len(citizens) / wall


_QUIET: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}


def lines(
    server: postgres.Server,
    surveys: int = SURVEYS,
    processes: Sequence[int] = PROCESSES,
    turns_open: int = OPEN,
) -> Iterator[str]:
    citizens = recorded(server.fresh_database(), surveys)
    yield f"  {'pgbench':<24}{replayed(server, citizens, turns_open):>10.0f}"
    for number in processes:
        run = measured(server, number, surveys, turns_open)
        p50, p99 = (1000 * quantiles(run.walls, n=100)[place] for place in (49, 98))
        each = "".join(f"{1000 * used / run.surveys:>9.1f}" for used in run.used)
        name, a_second = f"{number} serve", run.surveys / run.wall
        yield f"  {name:<24}{a_second:>10.0f}{p50:>8.0f}{p99:>8.0f}{each}"


def show(server: postgres.Server, surveys: int = SURVEYS) -> None:
    print(f"Webhooks, {OPEN} connections, {surveys} surveys of {UPDATES} updates", HEAD, sep="\n")
    for line in lines(server, surveys):
        print(line, flush=True)
    print()


def main() -> None:
    with postgres.server(durable=True) as server:
        show(server, *map(int, sys.argv[1:]))


if __name__ == "__main__":
    main()
