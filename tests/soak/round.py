"""One round: a crowd answers while one fault after the other is done to skm; then everything is
compared."""

import asyncio
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from storage.database.connect import open_engine
from tests.soak.faults import ENDS, FAULTS, Fault, Scene, killed
from tests.support import postgres
from tests.support.end_to_end import command, free_port, kept, office
from tests.support.skm_process import environment, forked, forked_once
from tests.support.telegram_server import Telegram, telegram_server
from tests.support.wanderer import Wanderer

AT_ONCE = 16  # citizens who answer side by side; what waits for skm must fit the emulator
IMPATIENCE = 10.0  # seconds after which a person taps again: what waits fits the emulator
BETWEEN = (20, 120)  # calls of the bot before the next fault
BACK = 90  # seconds in which somebody must be answered again
ENDING = {fault.__name__ for fault in ENDS}
KILLS = 49  # more of one round
UNITS_TOO = """code,name,agency,region,timezone,services,population
RSUD-PP,RSUD Pulang Pisau,Pemkab Pulang Pisau,Kalteng,WIB,Rawat jalan,900000
"""


@dataclass
class Round:
    """`injected`, `survived` and `waited` (a tap, at most, in seconds) by fault; `acknowledged`:
    responses of which somebody holds the last receipt; `kept`: citizens' responses in the database;
    `lost` are acknowledged and not kept so, `twice` kept so and not acknowledged."""

    injected: Counter[str] = field(default_factory=Counter)
    survived: Counter[str] = field(default_factory=Counter)
    waited: dict[str, float] = field(default_factory=dict)
    citizens: int = 0
    taps: int = 0
    acknowledged: int = 0
    kept: int = 0
    lost: int = 0
    twice: int = 0
    seconds: float = 0


async def soaked(kind: str, url: str, folder: Path, seed: int, server: postgres.Server) -> Round:
    """Raises AssertionError where `skm verify` finds a difference."""
    began, chance, done = time.monotonic(), Random(seed), Round()
    faults = [*FAULTS[kind], *[killed] * KILLS]
    chance.shuffle(faults)
    with telegram_server() as telegram:
        env = _environment(url, telegram)
        await office(env, folder, forked_once)
        (folder / "more.csv").write_text(UNITS_TOO)
        await command(env, folder, "import", "units", "more.csv", once=forked_once)
        over, crowd, waits = asyncio.Event(), list[Wanderer](), list[tuple[float, float]]()
        answering = asyncio.create_task(_answer(telegram, crowd, waits, chance, over))
        try:
            await _through(
                faults, telegram, server, url, env, folder, chance, done, waits, over, answering
            )
        finally:
            over.set()
            answering.cancel()
    await command(env, folder, "verify", once=forked_once)
    _compare(url, crowd, done, folder)
    done.seconds = time.monotonic() - began
    return done


def _environment(url: str, telegram: Telegram) -> dict[str, str]:
    """By polling on SQLite, by webhook on Postgres."""
    port = str(free_port())
    hook = {"public_url": f"http://127.0.0.1:{port}", "webhook_secret": "rahasia-webhook-uji"}
    return environment(
        url, telegram_token=telegram.token, telegram_api_url=telegram.url, http_port=port,
        **({} if url.startswith("sqlite") else hook),
    )  # fmt: skip


async def _answer(
    telegram: Telegram,
    crowd: list[Wanderer],
    waits: list[tuple[float, float]],
    chance: Random,
    over: asyncio.Event,
) -> None:
    """Citizens come until it is over; whoever has begun goes on to the end."""

    async def place() -> None:
        while not over.is_set():
            person = Wanderer(telegram.citizen(), Random(chance.random()), IMPATIENCE, waits=waits)
            crowd.append(person)
            await person.go("DPMPTSP-PP")

    await asyncio.gather(*(place() for _ in range(AT_ONCE)))


async def _through(
    faults: list[Fault],
    telegram: Telegram,
    server: postgres.Server,
    url: str,
    env: dict[str, str],
    folder: Path,
    chance: Random,
    done: Round,
    waits: list[tuple[float, float]],
    over: asyncio.Event,
    answering: "asyncio.Task[None]",
) -> None:
    """skm runs until all faults were injected and everybody has what they came for."""
    spans = list[tuple[str, float, float]]()
    while faults:
        with forked("run", env=env, folder=folder) as process:
            scene = Scene(process, telegram, server, url, env, folder)
            while faults and process.running.is_alive():
                await _calls(telegram, chance.randint(*BETWEEN), answering)
                fault = faults.pop()
                print(f"  {time.strftime('%H:%M:%S')} {fault.__name__}", file=sys.stderr)
                done.injected[fault.__name__] += 1
                begun = time.monotonic()
                await fault(scene)
                spans.append((fault.__name__, begun, time.monotonic()))
                if fault in ENDS:
                    done.survived[fault.__name__] += 1
                    break
                await _calls(telegram, 1, answering)
                done.survived[fault.__name__] += process.running.is_alive()
    with forked("run", env=env, folder=folder) as process:
        over.set()
        await answering
        process.stop()
    # Only taps in the fault: one before may be waiting yet for what the last one cut off.
    for name, begun, ended in spans:
        if name not in ENDING:
            during = (seconds for at, seconds in waits if begun <= at <= ended)
            done.waited[name] = max(during, default=0)


async def _calls(telegram: Telegram, number: int, answering: "asyncio.Task[None]") -> None:
    """Wait until the bot has answered so many more. Raises TimeoutError."""
    enough = len(telegram.calls) + number
    async with asyncio.timeout(BACK):
        while len(telegram.calls) < enough:
            if answering.done():
                answering.result()
            await asyncio.sleep(0.005)


def _compare(url: str, crowd: list[Wanderer], done: Round, folder: Path) -> None:
    engine = open_engine(url)
    there = kept(engine)
    engine.dispose()
    counted = [each.counted for each in crowd if each.counted is not None]
    said = Counter(tuple(each[at] for at in range(1, 10)) for each in counted)
    done.citizens, done.taps = len(crowd), sum(each.taps for each in crowd)
    done.acknowledged, done.kept = said.total(), there.total()
    done.lost, done.twice = (said - there).total(), (there - said).total()
    differ = (said - there) | (there - said)
    for each in crowd:
        if tuple(each.said.get(at) for at in range(1, 10)) in differ:
            print(f"  {each.citizen.id} {each.receipts} {each.last}", file=sys.stderr)
    for log in folder.glob("said-*") if differ else ():
        lines = (line for line in log.read_text().splitlines() if " ERROR " in line)
        print(*lines, sep="\n", file=sys.stderr)
