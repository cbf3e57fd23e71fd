"""`skm run` with SKM_TELEGRAM_LIBRARY=ptb: real processes, as tests/bot/test_end_to_end.py has
them."""

from pathlib import Path

import pytest

from tests.support.end_to_end import SMALL, answer_all, free_port, index, office, quiet, read
from tests.support.skm_process import environment, forked, forked_once
from tests.support.telegram_server import Telegram


@pytest.mark.e2e
@pytest.mark.parametrize("way", ["polling", "webhook"])
async def test_citizens_by_python_telegram_bot(
    telegram: Telegram, empty_sqlite_url: str, tmp_path: Path, way: str
):
    port = free_port()
    env = environment(
        empty_sqlite_url, telegram_token=telegram.token, telegram_api_url=telegram.url,
        telegram_library="ptb", http_port=str(port), webhook_secret="rahasia-webhook_1",
        public_url=f"http://127.0.0.1:{port}" if way == "webhook" else "",
    )  # fmt: skip
    await office(env, tmp_path, forked_once)
    with forked("run", env=env, folder=tmp_path) as process:
        await telegram.listening()
        await answer_all(telegram, read(SMALL))
        assert process.stop() == 0, process.said
    assert quiet(process.said)
    assert telegram.token.partition(":")[2] not in process.said
    assert await index(env, tmp_path, forked_once) == (8, "80.90", "B")  # as by hand: test_index.py
    sent = {type(call.params["chat_id"]) for call in telegram.calls if "chat_id" in call.params}
    assert sent == {str}  # in forms, as this library sends; the other sends JSON
    first = next(
        each.method for each in telegram.calls if each.method not in ("setMyCommands", "getMe")
    )
    assert first == ("deleteWebhook" if way == "polling" else "setWebhook")
