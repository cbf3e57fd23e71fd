"""One round: a crowd answers while skm is killed and started again; then everything is compared."""

import asyncio
import time
from collections import Counter
from dataclasses import astuple, dataclass
from pathlib import Path
from random import Random

from storage.database import open_engine
from tests.skm_process import environment, forked, forked_once
from tests.telegram_server import Telegram, telegram_server
from tests.test_end_to_end import command, free_port, office
from tests.test_killed import kept
from tests.wanderer import Wanderer

CITIZENS = 300
AT_ONCE = 100  # citizens who answer side by side
IMPATIENCE = 2.0  # seconds after which a person taps again
BETWEEN = (300, 1_500)  # calls of the bot between two kills


@dataclass(frozen=True)
class Round:
    """`acknowledged`: responses of which somebody holds the last receipt; `kept`: responses in the
    database; `lost` are acknowledged and not kept so, `unasked` kept so and not acknowledged."""

    citizens: int
    taps: int
    kills: int
    acknowledged: int
    kept: int
    lost: int
    unasked: int
    seconds: float

    def __add__(self, other: "Round") -> "Round":
        return Round(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


async def soaked(url: str, folder: Path, seed: int) -> Round:
    """Raises AssertionError where `skm verify` finds a difference."""
    began, chance = time.monotonic(), Random(seed)
    with telegram_server() as telegram:
        env = _environment(url, telegram)
        await office(env, folder, forked_once)
        crowd = [
            Wanderer(telegram.citizen(), Random(chance.random()), IMPATIENCE)
            for _ in range(CITIZENS)
        ]
        answering = asyncio.create_task(_answer(crowd))
        kills = await _killed_until(answering, telegram, env, folder, chance)
        await answering
    await command(env, folder, "verify", once=forked_once)
    return _compared(url, crowd, kills, time.monotonic() - began)


def _environment(url: str, telegram: Telegram) -> dict[str, str]:
    """By polling on SQLite, by webhook on Postgres."""
    port = str(free_port())
    hook = {"public_url": f"http://127.0.0.1:{port}", "webhook_secret": "rahasia"}
    return environment(
        url, telegram_token=telegram.token, telegram_api_url=telegram.url, http_port=port,
        **({} if url.startswith("sqlite") else hook),
    )  # fmt: skip


async def _answer(crowd: list[Wanderer]) -> None:
    places = asyncio.Semaphore(AT_ONCE)

    async def one(citizen: Wanderer) -> None:
        async with places:
            await citizen.go("DPMPTSP-PP")

    await asyncio.gather(*map(one, crowd))


async def _killed_until(
    answering: "asyncio.Task[None]",
    telegram: Telegram,
    env: dict[str, str],
    folder: Path,
    chance: Random,
) -> int:
    """Run skm until the crowd is done, killing it amid its work; how often."""
    kills = 0
    while True:
        enough = len(telegram.calls) + chance.randint(*BETWEEN)
        with forked("run", env=env, folder=folder) as process:
            while len(telegram.calls) < enough and not answering.done():  # noqa: ASYNC110
                await asyncio.sleep(0.005)
            if answering.done():
                process.stop()
                return kills
            process.kill()
            kills += 1


def _compared(url: str, crowd: list[Wanderer], kills: int, seconds: float) -> Round:
    engine = open_engine(url)
    there = kept(engine)
    engine.dispose()
    counted = [each.counted for each in crowd if each.counted is not None]
    said = Counter(tuple(each[at] for at in range(1, 10)) for each in counted)
    return Round(
        len(crowd),
        sum(each.taps for each in crowd),
        kills,
        said.total(),
        there.total(),
        (said - there).total(),
        (there - said).total(),
        seconds,
    )
