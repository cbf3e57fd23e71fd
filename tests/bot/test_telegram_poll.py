"""Long polling: the offset moves past what is committed, and past nothing else."""

import asyncio
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.channels.telegram.poll
from bot.channels.telegram.poll import Poll, TokenRefused, ask, known
from bot.channels.telegram.wire import Unreachable, result
from bot.core.sending.delivery import REFUSALS
from bot.core.turns.job import NotKept, Unkeepable
from bot.core.watch.hearing import Hearing
from flows.engine.conversation import REMEMBERED
from tests.support.citizen import Citizen
from tests.support.offices import count, kept
from tests.support.talking_bot import LIBRARIES, NEVER, TalkingBot, begin, talking
from tests.support.telegram_server import Telegram

DATABASE_FAILS = NotKept("no transaction can begin")
THIS_ONE_FAILS = Unkeepable("ValueError")


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    for pause in ("AGAIN", "FAR", "SLOWEST"):
        monkeypatch.setattr(bot.channels.telegram.poll, pause, 0)


@pytest.fixture(params=LIBRARIES)
async def here(request, telegram: Telegram, sqlite_url: str):
    async with talking(telegram, sqlite_url, library=request.param, poll=False) as here:
        yield here


def address(citizen: Citizen) -> str:
    return f"tg:{citizen.id}"


def asked(here: TalkingBot, citizen: Citizen) -> int:
    return here.turns.asked.count(address(citizen))


async def test_the_offset_moves_after_the_commit_and_not_before(telegram, here):
    here.poll()
    here.turns.free.clear()
    rini = telegram.citizen()
    await rini.send("/start SMST-BTM", wait=False)
    await here.turns.until(lambda: here.turns.asked != [])
    assert (telegram.front.offset, count(here.engine, "conversation")) == (0, 0)
    here.turns.free.set()
    await telegram.confirmed(1)
    assert count(here.engine, "conversation") == 1


async def test_what_the_database_refuses_is_asked_for_again_and_the_rest_is_not_repeated(
    telegram, here, caplog
):
    rini, budi, sari = (telegram.citizen() for _ in range(3))
    here.turns.refuse[address(rini)] = DATABASE_FAILS
    for citizen in (budi, rini, sari):
        await citizen.send("/start SMST-BTM", wait=False)
    await rini.send("setuju, mulai", wait=False)
    here.poll()
    await sari.sees("Setuju berarti")
    await here.turns.until(lambda: asked(here, rini) > 2 * REFUSALS)
    # Budi's, the first, is confirmed. Rini is told nothing: hers is not lost, it will be kept.
    assert telegram.front.offset == 2
    assert (rini.text, asked(here, budi), asked(here, sari)) == ("", 1, 1)
    here.turns.refuse.clear()
    await rini.sees("1 dari 9")  # her second came after her first, though both were at hand
    await telegram.confirmed(4)
    assert (budi.shown, sari.shown, rini.shown) == (1, 1, 2)
    assert "not kept yet" in caplog.text


async def test_one_persons_events_wait_for_each_other():
    taken, refused = [], [1]

    class Adapter:
        async def take(self, update):
            taken.append(update.update_id)
            if update.update_id in refused:
                raise DATABASE_FAILS

    poll = Poll(Adapter(), Hearing("Telegram"))
    batch = [written(1, chat=7), written(2, chat=7), written(3, chat=8)]
    await poll.take_all(batch)
    assert taken == [1, 3]
    refused.clear()
    await poll.take_all(batch)
    assert taken == [1, 3, 1, 2]


def written(number: int, chat: int) -> msgspec.Raw:
    update = {"update_id": number, "message": {"chat": {"id": chat, "type": "private"}}}
    return msgspec.Raw(msgspec.json.encode(update))


class Noting:
    """An adapter that keeps whatever it is given."""

    def __init__(self) -> None:
        self.taken: list[int] = []

    async def take(self, update) -> None:
        self.taken.append(update.update_id)


async def test_of_one_person_no_more_is_unconfirmed_than_is_remembered():
    """However the process ends, what comes again is among the last events of its person."""
    here = Noting()
    poll = Poll(here, Hearing("Telegram"))
    one, other = [written(n, chat=7) for n in range(1, 80)], [written(n, chat=8) for n in (80, 81)]
    await poll.take_all([*one, *other])
    assert (here.taken, poll._offset) == ([*range(1, REMEMBERED + 1), 80, 81], REMEMBERED + 1)
    await poll.take_all([*one[REMEMBERED:], *other])
    assert here.taken[REMEMBERED + 2 :] == [*range(REMEMBERED + 1, 2 * REMEMBERED + 1)]


@given(
    sizes=st.lists(st.integers(1, 3), min_size=1, max_size=99),
    order=st.randoms(use_true_random=False),
)
def test_however_updates_are_mixed_each_is_taken_once_and_all_are_confirmed(sizes, order):
    """A platform that sends the first hundred not yet confirmed, in any order."""
    updates = [written(n, chat) for n, chat in enumerate(sizes, 1)]
    here = Noting()
    poll = Poll(here, Hearing("Telegram"))

    async def polled() -> None:
        left = dict(enumerate(updates, 1))
        while left:
            batch = [raw for _, raw in sorted(left.items())][:100]
            order.shuffle(batch)
            await poll.take_all(batch)
            left = {n: raw for n, raw in left.items() if n >= poll._offset}

    asyncio.run(polled())
    assert sorted(here.taken) == [*range(1, len(updates) + 1)]


ODD = (
    b'{"ok":true}',
    b'{"ok":true,"result":{"update_id":1}}',
    b'{"ok":true,"result":[{"update_id":1.5},{"update_id":"9"},{},7,null]}',
    b'{"ok":true,"result":[{"update_id":%d}]}' % 10**40,
    b'{"ok":true,"result":%s}' % (b"[" * 100_000),
    b'{"ok":false,"error_code":404,"description":"Not Found"}',
    b'{"ok":false,"error_code":401,"description":"Unauthorized"}',
    b'{"ok":false,"error_code":400,"description":"Bad Request: offset"}',
    b"<html>502</html>",
)


async def test_no_answer_ends_it_and_numbers_that_fall_are_heard(caplog):
    """Whatever getUpdates brings, the next update is taken: also one numbered anew."""
    batches = [b'{"ok":true,"result":[{"update_id":900}]}', *ODD, b'{"ok":true,"result":[]}']
    answers, offsets, here = list(batches), [], Noting()
    heard = asyncio.Event()

    class Wire:
        async def call(self, method, fields, timeout):
            if method != "getUpdates":
                return msgspec.Raw(b"true")
            offsets.append(fields["offset"])
            if not fields["timeout"]:
                return msgspec.Raw(b"[]")
            if answers:
                return result(answers.pop(0))
            if 5 not in here.taken:
                return msgspec.Raw(b'[{"update_id":5}]')
            heard.set()
            return await asyncio.Event().wait()

    here.wire = Wire()
    polling = asyncio.create_task(Poll(here, Hearing("Telegram")).run())
    await asyncio.wait([polling, asyncio.create_task(heard.wait())], return_when="FIRST_COMPLETED")
    assert not polling.done()
    assert here.taken == [900, 5]
    assert offsets[:3] == [0, 901, 0]  # said once: what it confirms does not come again
    assert offsets[-2:] == [0, 6]
    polling.cancel()
    with suppress(asyncio.CancelledError):
        await polling


async def test_what_cannot_be_kept_is_passed_over_in_the_end_and_its_person_told(
    telegram, here, caplog
):
    here.poll()
    rini, budi = telegram.citizen(), telegram.citizen()
    await begin(rini)
    here.turns.refuse[address(rini)] = THIS_ONE_FAILS
    await rini.tap("3")
    await budi.send("/start SMST-BTM")
    assert asked(here, rini) == 2 + REFUSALS
    assert rini.text.startswith("Maaf, ada gangguan di pihak kami.")
    assert "1 dari 9" in rini.messages[0].text  # what was asked still stands there
    assert "passed over" in caplog.text
    here.turns.refuse.clear()
    await rini.tap("3", on=rini.messages[0])
    assert "2 dari 9" in rini.messages[0].text


async def test_an_update_that_cannot_be_read_blocks_nobody(telegram, here, caplog):
    rini = telegram.citizen()
    await telegram.inject({"message": {"chat": {"id": "x"}, "text": 4}})
    await telegram.inject({"quantum_leap": {"far": True}})
    await rini.send("/start SMST-BTM", wait=False)
    here.poll()
    await telegram.confirmed(3)
    await rini.sees("Setuju berarti")
    assert "cannot be read" in caplog.text


async def test_a_webhook_is_taken_away_first_and_the_kinds_are_named(telegram, here, monkeypatch):
    polls, call = [], here.adapter.wire.call

    async def noted(method, fields, timeout=None):
        if method == "getUpdates":
            polls.append((fields["allowed_updates"], timeout > fields["timeout"]))
        return await call(method, fields, timeout)

    monkeypatch.setattr(here.adapter.wire, "call", noted)
    here.poll()
    await telegram.listening()
    assert [(each.method, each.params) for each in telegram.calls] == [
        ("deleteWebhook", {"drop_pending_updates": False})
    ]
    assert polls[0] == (["message", "edited_message", "callback_query", "my_chat_member"], True)


async def test_a_stop_finishes_and_confirms_what_was_taken(telegram, here):
    polling = here.poll()
    here.turns.free.clear()
    rini = telegram.citizen()
    await rini.send("/start SMST-BTM", wait=False)
    await here.turns.until(lambda: here.turns.asked != [])
    polling.cancel()
    await asyncio.sleep(0)
    assert not polling.done()
    here.turns.free.set()
    with suppress(asyncio.CancelledError):
        await polling
    await here.adapter.drain(NEVER)
    assert "Setuju berarti" in rini.text
    assert telegram.front.offset == 2


@pytest.mark.parametrize(
    ("answers", "offsets"),
    [([b"[]", b'[{"update_id": 1}]'], [0, 0, 2, 2]), ([b'[{"update_id": 1}]', b"[]"], [0, 2, 0])],
)
async def test_a_stop_amid_a_poll_confirms_only_what_no_poll_has_confirmed(answers, offsets):
    polls, asked = [], asyncio.Event()

    class Wire:
        async def call(self, method, fields, timeout):
            if method == "getUpdates":
                polls.append(fields["offset"])
                if fields["timeout"] and not answers:
                    asked.set()
                    await asyncio.Event().wait()
                return msgspec.Raw(answers.pop(0) if answers else b"[]")
            return msgspec.Raw(b"true")

    class Adapter:
        wire = Wire()

        async def take(self, update):
            pass

    polling = asyncio.create_task(Poll(Adapter(), Hearing("Telegram")).run())
    await asked.wait()
    polling.cancel()
    with suppress(asyncio.CancelledError):
        await polling
    assert polls == offsets


async def test_it_goes_on_through_whatever_telegram_does(telegram, here, caplog):
    for method in ("deleteWebhook", "getUpdates"):
        telegram.drop(method)
        telegram.drop(method, done=True)
        telegram.refuse(method, 502)
        telegram.refuse(method, 409)
    telegram.refuse("getUpdates", 429, retry_after=1)
    rini = telegram.citizen()
    await rini.send("/start SMST-BTM", wait=False)
    here.poll()
    await rini.sees("Setuju berarti")
    for said in ("cannot be reached", "1 s of patience", "another process"):
        assert said in caplog.text
    assert kept(here.engine, address(rini)).is_open


async def test_it_waits_longer_and_longer_for_a_server_that_is_not_there(telegram, monkeypatch):
    pauses = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 7:
            raise TokenRefused  # enough

    class Nowhere:
        async def call(self, method, fields, timeout):
            raise Unreachable("nobody there")

    monkeypatch.setattr(bot.channels.telegram.poll, "AGAIN", 1)
    monkeypatch.setattr(bot.channels.telegram.poll, "FAR", 5)
    monkeypatch.setattr(bot.channels.telegram.poll.asyncio, "sleep", sleep)
    with pytest.raises(TokenRefused):
        await ask(Nowhere(), Hearing("Telegram"), "getUpdates", {})
    assert pauses == [1, 2, 4, 5, 5, 5, 5]


async def test_a_token_that_telegram_does_not_know_ends_it(telegram, here):
    for status in (401, 404):
        telegram.refuse("deleteWebhook", status)
        with pytest.raises(TokenRefused, match="@BotFather"):
            await Poll(here.adapter, Hearing("Telegram")).run()
        telegram.refuse("getMe", status)
        with pytest.raises(TokenRefused):
            await known(here.adapter.wire, Hearing("Telegram"))
