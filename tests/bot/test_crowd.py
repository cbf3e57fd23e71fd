"""Many citizens at once who change their minds and leave: the index is what they last said."""

import asyncio
from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from random import Random

import pytest

from storage.database.connect import open_engine
from tests.support.end_to_end import free_port, index, kept, office, quiet
from tests.support.skm_process import environment, forked, forked_once
from tests.support.wanderer import Wanderer, ikm_of

pytestmark = pytest.mark.e2e
CITIZENS = 24


async def test_the_index_of_a_crowd_is_what_each_said_last(telegram, empty_sqlite_url, tmp_path):
    env = environment(
        empty_sqlite_url, telegram_token=telegram.token, telegram_api_url=telegram.url,
        telegram_bot=telegram.username, http_port=str(free_port()),
    )  # fmt: skip
    await office(env, tmp_path, forked_once)
    crowd = [Wanderer(telegram.citizen(), Random(seed)) for seed in range(CITIZENS)]
    with forked("run", env=env, folder=tmp_path) as process:
        await telegram.listening()
        await asyncio.gather(*(citizen.go("DPMPTSP-PP") for citizen in crowd))
        assert process.stop() == 0, process.said
    assert quiet(process.said)
    counted = [each.counted for each in crowd if each.counted is not None]
    assert CITIZENS / 2 < len(counted) < CITIZENS
    engine = open_engine(empty_sqlite_url)
    assert kept(engine) == Counter(tuple(said[at] for at in range(1, 10)) for said in counted)
    engine.dispose()
    exact = ikm_of(counted)
    ikm = Decimal(exact.numerator) / Decimal(exact.denominator)
    expected = str(ikm.quantize(Decimal("0.01"), ROUND_HALF_UP))
    assert (await index(env, tmp_path, forked_once))[:2] == (len(counted), expected)
