"""Forged buttons, floods, updates twice and in the wrong order, comments that are no prose: a kind
sentence or silence, never a wrong answer kept. (Of visits' links: tests/storage/test_visits.py.)"""

import asyncio
from collections.abc import AsyncIterator

import pytest

from flows.loader import words
from reports.comments.masking import as_read
from reports.comments.read import comments_message
from reports.digest.unit_week import composed
from storage.periods import parse
from tests.support import telegram_updates as updates
from tests.support.citizen import Citizen
from tests.support.end_to_end import free_port
from tests.support.offices import ITEMS, count, kept, office, unit_of, unit_row
from tests.support.skm_process import environment, forked
from tests.support.talking_bot import TalkingBot, begin, talking
from tests.support.telegram_server import Telegram

FLOOD = 50  # taps of one chat that are not answered yet
PEOPLE = 3  # who answer nine questions each meanwhile


@pytest.fixture
async def bot(telegram: Telegram, sqlite_url: str) -> AsyncIterator[TalkingBot]:
    async with talking(telegram, sqlite_url, poll=False) as bot:
        yield bot


async def at_question(bot: TalkingBot, citizen: Citizen) -> str:
    """To the first of the nine questions; the conversation's id."""
    await bot.bring(updates.message(citizen._me, text="/start SMST-BTM"))
    id = kept(bot.engine, f"tg:{citizen.id}").id
    await tap(bot, citizen, f"{id}:consent:agreed")
    return id


async def at_comment(bot: TalkingBot, citizen: Citizen) -> str:
    """All nine answered; the conversation's id."""
    id = await at_question(bot, citizen)
    for item in ITEMS:
        await tap(bot, citizen, f"{id}:{item}:4")
    return id


async def tap(bot: TalkingBot, citizen: Citizen, data: str, id: int = 0) -> int:
    message = citizen.messages[-1]
    return await bot.bring(updates.tap(citizen._me, message.id, data, message.text), id)


FORGED = (
    ":requirements:4",  # nobody's conversation
    "another0000:requirements:4",
    "{other}:requirements:4",  # somebody else's
    "{mine}:requirements:5",  # choices that there are not
    "{mine}:requirements:",
    "{mine}:requirements:-skipped",
    "{mine}:requirements:-not_applicable",
    "{mine}:requirements:agreed",
    "{mine}:procedure:4",  # a question that is not asked yet
    "{mine}:complaint_handling:4",
    "{mine}:comment:-skipped",
    "{mine}:review:send",  # sent without an answer
    "{mine}:why_cost:-skipped",
    "{mine}:nothing:4",
    "{mine}:_ended:edit",
    "{mine}:resume:start-1",  # a link that nobody opened
    "{mine}:change:procedure",
    "{mine}:>:SMST-BTM",
    ":>:/hapus AAAA-BBBB-CCCC-DDDD-EEEE",
    ":>:/ubah {other}",
    ":>:/komentar SMST-BTM 2026-W47",
    ":>:v_AAAA",
)


async def test_a_forged_button_is_answered_and_no_answer_of_anybody(telegram, bot):
    rini, budi = telegram.citizen(), telegram.citizen()
    other, mine = await at_question(bot, budi), await at_question(bot, rini)
    before, theirs = kept(bot.engine, f"tg:{rini.id}"), kept(bot.engine, f"tg:{budi.id}")
    for data in FORGED:
        calls = len(rini.chat.calls)
        await tap(bot, rini, data.format(mine=mine, other=other))
        assert rini.chat.calls[calls:], f"silence after {data}"
        now = kept(bot.engine, f"tg:{rini.id}")
        assert (now.id, now.answers, now.status) == (before.id, before.answers, "open"), data
        assert kept(bot.engine, f"tg:{budi.id}") == theirs
    assert count(bot.engine, "response") == 0


async def test_taps_that_come_twice_and_in_the_wrong_order_are_each_taken_once(telegram, bot):
    rini = telegram.citizen()
    mine = await at_question(bot, rini)
    first = await tap(bot, rini, f"{mine}:requirements:3")
    await tap(bot, rini, f"{mine}:procedure:2", first + 11)
    await tap(bot, rini, f"{mine}:procedure:4", first + 10)  # came before, arrives after
    await tap(bot, rini, f"{mine}:requirements:3", first)  # … and again
    await tap(bot, rini, f"{mine}:procedure:2", first + 11)
    answers = kept(bot.engine, f"tg:{rini.id}").answers
    assert (answers["requirements"], answers["procedure"]) == ("3", "4")
    assert "completion_time" not in answers


ODD = (
    '<b>tebal</b> <a href="https://x.id">tautan</a> &amp; <script>alert(1)</script>',
    "*tebal* _miring_ `kode` [teks](https://x.id) ||rahasia||",
    '=HYPERLINK("https://x.id","klik")',
    "+62*1 @SUM(A1:A9) -2+3",
    "{unit} %s {0} \\n ${HOME} $(date)",
    "'; DROP TABLE response; --",
    "hai " + "👩‍👩‍👧‍👦" * 90,
)


async def test_comments_of_markup_and_formulas_are_kept_and_shown_as_they_were_written(
    telegram, bot
):
    for comment in ODD:
        rini = telegram.citizen()
        mine = await at_comment(bot, rini)
        await bot.bring(updates.message(rini._me, text=comment))
        await tap(bot, rini, f"{mine}:sex:-skip_all")
        assert as_read(comment)[:150] in rini.text
        await tap(bot, rini, f"{mine}:review:send")
        assert "tanda terima" in rini.text
    assert not [call for call in telegram.calls if "parse_mode" in call.params]
    with bot.engine.begin() as connection:
        unit = unit_of(connection, "SMST-BTM")
        digest = composed(connection, unit, parse("2026-W47"))
        message = comments_message(connection, unit.id, digest, words("id"))
    assert message is not None
    shown = [line[2:8] for line in message.text.splitlines() if line.startswith("• ")]
    assert sorted(shown) == sorted(comment[:6] for comment in ODD)


async def test_4096_emoji_are_too_long_and_nothing_of_them_is_kept(telegram, bot):
    rini = telegram.citizen()
    await at_comment(bot, rini)
    await bot.bring(updates.message(rini._me, text="👍" * 4096))
    assert "4096" in rini.text
    assert "1000" in rini.text
    assert "comment" not in kept(bot.engine, f"tg:{rini.id}").answers


async def overtaken(citizen: Citizen, flooder: Citizen) -> list[int]:
    """Nine answers, one after the other; how many of the flooder's taps were answered while each
    waited."""
    await begin(citizen)
    found = []
    for place in range(9):
        before = len(flooder.chat.answers)
        await citizen.tap(next(b for b in citizen.buttons if b.startswith(str(1 + place % 4))))
        found.append(len(flooder.chat.answers) - before)
    return found


async def flood(citizen: Citizen, enough: asyncio.Event) -> str:
    """Taps on the answers of one question, always so many not answered yet; the last answer."""
    message, before, tapped = citizen.messages[-1], len(citizen.chat.answers), 0

    def left() -> int:
        return tapped - (len(citizen.chat.answers) - before)

    while not enough.is_set():
        await citizen.press(message.buttons[tapped % 4].data or "", on=message, wait=False)
        tapped += 1
        await citizen.wait(lambda: left() < FLOOD)
    await citizen.wait(lambda: left() == 0)
    return str(1 + (tapped - 1) % 4)


@pytest.mark.e2e
async def test_a_flood_of_taps_from_one_chat_keeps_nobody_else_waiting(
    telegram, sqlite_url, tmp_path
):
    env = environment(
        sqlite_url, telegram_token=telegram.token, telegram_api_url=telegram.url,
        http_port=str(free_port()),
    )  # fmt: skip
    services = [{"id": "pajak", "label": "Pajak tahunan"}]
    with office(sqlite_url, unit_row("SMST-BTM", services=services)) as engine:
        with forked("run", env=env, folder=tmp_path):
            await telegram.listening()
            flooder = telegram.citizen()
            await begin(flooder)
            enough = asyncio.Event()
            flooding = asyncio.create_task(flood(flooder, enough))
            found = [n for _ in range(PEOPLE) for n in await overtaken(telegram.citizen(), flooder)]
            enough.set()
            last = await flooding
        # A round of updates may be under way when somebody taps; theirs is in the next at last.
        assert max(found) < 2 * FLOOD, found
        assert any(found), "nobody flooded"
        answers = kept(engine, f"tg:{flooder.id}").answers
        assert answers == {"consent": "agreed", "service": "pajak", "requirements": last}
