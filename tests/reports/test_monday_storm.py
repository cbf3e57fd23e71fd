"""Mondays over the Bot API server's fault layer: a storm of 429, lost answers, a head who blocked
the bot, a weekend of downtime. Each digest once, twice only where its own answer was lost."""

from datetime import UTC, datetime

from reports.jobs import due
from storage.office import roles
from tests.support.offices import Chance, draft, respond, scoped
from tests.support.talking_bot import TalkingBot, talking
from tests.support.telegram_server import Telegram

MONDAY = int(datetime(2026, 11, 23, 1, tzinfo=UTC).timestamp())  # 08:00 in Batam
WEEK, MINUTE, BTM = 7 * 86_400, 60, "SMST-BTM"


async def test_each_head_gets_each_digest_once_and_who_cannot_be_reached_is_told(
    telegram: Telegram, sqlite_url: str
):
    heads, admin = [telegram.citizen() for _ in range(4)], telegram.citizen()
    blocked = heads[3]
    async with talking(telegram, sqlite_url, poll=False) as bot:
        with bot.engine.begin() as connection:
            for chat in heads:
                holds(connection, "head", BTM, chat.id)
            holds(connection, "admin", "Pemprov Contoh", admin.id)
            chance = Chance(2)
            for _ in range(6):
                respond(connection, BTM, chance, draft(MONDAY - 3 * 86_400))
        blocked.chat.blocked = True
        telegram.refuse("sendPhoto", times=3, status=429, retry_after=30)
        telegram.refuse("sendPhoto", times=2, status=502)
        telegram.drop("sendPhoto")
        await monday(bot, MONDAY)
        assert [len(chat.messages) for chat in heads] == [1, 1, 1, 0]
        for week in (1, 2):
            await monday(bot, MONDAY + week * WEEK)
        # A fourth Monday nobody was there; on Tuesday night neither, and then it is morning.
        for at in (MONDAY + 3 * WEEK + 2 * 86_400 + 14 * 3_600, MONDAY + 3 * WEEK + 3 * 86_400):
            await monday(bot, at)
        assert [len(chat.messages) for chat in heads] == [4, 4, 4, 0]
        shown = [chat.messages for chat in heads[:3]]
        first = {message.text for messages in shown for message in messages[:1]}
        assert len(first) == 1
        assert "6 responden" in first.pop()
        # Three in a row did not arrive: told once, by Monday of the third week.
        (told,) = admin.messages
        assert "tiga kali tidak sampai" in told.text
        assert bot.later() == []


async def test_a_digest_whose_answer_was_lost_comes_twice_at_most(
    telegram: Telegram, sqlite_url: str
):
    head = telegram.citizen()
    async with talking(telegram, sqlite_url, poll=False) as bot:
        with bot.engine.begin() as connection:
            holds(connection, "head", BTM, head.id)
        telegram.drop("sendPhoto", done=True)
        await monday(bot, MONDAY)
        assert len(head.messages) == 2
        assert len({message.text for message in head.messages}) == 1


async def monday(bot: TalkingBot, at: int) -> None:
    """An hour of the scheduler and the post, a minute at a time."""
    for minute in range(0, 60, 5):
        bot.clock.at = at + minute * MINUTE
        due.digests(bot.engine, bot.clock.at)
        while await bot.post.round():
            pass


def holds(connection, role: roles.RoleName, scope: str, chat: int) -> None:
    token = roles.invite(connection, role, scoped(scope), MONDAY - WEEK, Chance(f"{role}{chat}"))
    roles.join(connection, token, f"tg:{chat}", MONDAY - WEEK)
