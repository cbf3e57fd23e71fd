"""What goes wrong on the way out: sent later, never, or once the person has written again."""

import pytest

from bot.channels.whatsapp.fault_codes import AccountRefused, fault_of
from bot.channels.whatsapp.links import DAY
from bot.commands.upkeep.doctor import _held
from bot.core.channel import Blocked, OutsideWindow, Quiet, SendLater, SendNever
from bot.core.sending import held
from bot.core.sending.notices import notify
from bot.core.watch.metrics import FAILED
from bot.office.command_list import refresh
from flows.engine.form import Line
from storage.chat import outbox, subscriptions
from storage.office import roles
from tests.support import whatsapp_events as events
from tests.support.offices import Chance, count, kept, run, scoped, unit_of
from tests.support.talking_whatsapp import RINI, TalkingWhatsApp, talking_whatsapp

CODES = [
    (130429, SendLater),
    (80007, SendLater),
    (131056, Quiet),
    (131047, OutsideWindow),
    (131026, Blocked),
    (131051, SendNever),
    (131009, SendNever),
    (132001, SendNever),
    (132015, SendNever),
    (190, AccountRefused),
    (368, AccountRefused),
    (500, SendLater),
    (999_999, SendNever),
]


@pytest.mark.parametrize(("code", "kind"), CODES)
def test_a_code_means(code, kind):
    assert type(fault_of(code)) is kind


@pytest.fixture
async def bot(sqlite_url):
    async with talking_whatsapp(sqlite_url) as bot:
        yield bot


async def begun(bot: TalkingWhatsApp) -> str:
    """At the first question; the address."""
    await bot.says(RINI, "Survei: SMST-BTM")
    await bot.taps(RINI, "Setuju, mulai")
    return bot.address(RINI)


@pytest.mark.parametrize("code", [500, 130429, 131056, 190, 0])
async def test_a_screen_that_fails_for_now_is_shown_later(bot, code):
    """429, 5xx, too many to one person, a refused token, a connection that is cut."""
    address = await begun(bot)
    bot.graph.refuse(code, times=1)
    await bot.says(RINI, "3")
    assert "1 dari 9" in bot.message(RINI).text
    (waits,) = bot.later()
    assert kept(bot.engine, address).answers["requirements"] == "3"
    bot.clock.at = waits.due_at
    await bot.post.round()
    assert "2 dari 9" in bot.message(RINI).text
    assert bot.later() == []


async def test_a_person_who_was_sent_too_much_is_left_alone_meanwhile(bot):
    await begun(bot)
    bot.graph.refuse(131056, times=1)
    await bot.says(RINI, "3", "3")
    calls = len(bot.graph.calls)
    await bot.says(RINI, "3")
    assert len(bot.graph.calls) == calls


async def test_time_out_after_it_was_taken(bot):
    """The screen comes once more: a question twice, no answer twice."""
    await begun(bot)
    bot.graph.refuse(0, times=1, done=True)
    await bot.says(RINI, "3")
    shown = [each.text for each in bot.seen(RINI)]
    bot.clock.at = bot.later()[0].due_at
    await bot.post.round()
    assert [each.text for each in bot.seen(RINI)] == [*shown, shown[-1]]


async def test_who_has_blocked_us_is_sent_nothing_more(bot):
    """The screen is given up, the answer is kept; so do news end, also when it is told later."""
    address = await begun(bot)
    with bot.engine.begin() as connection:
        subscriptions.subscribe(connection, address, unit_of(connection, "SMST-BTM"), bot.clock.at)
    bot.graph.blocked.add(RINI.id)
    await bot.says(RINI, "3")
    assert bot.later() == []
    assert kept(bot.engine, address).answers["requirements"] == "3"
    status = {"id": "wamid.1", "status": "failed", "timestamp": str(bot.clock.at)}
    status |= {"recipient_user_id": RINI.id, "errors": [{"code": 131026, "title": "x"}]}
    assert await bot.bring(events.body(events.value(statuses=[status]))) == 200
    assert count(bot.engine, "subscription") == 0


async def test_what_was_taken_and_failed_then_is_shown_again(bot):
    """Meta mostly says so afterwards; the conversation's id comes back with it. Once, however
    often the status is brought."""
    await begun(bot)
    shown = bot.seen(RINI)[-1]
    status = {"id": "wamid.7", "status": "failed", "timestamp": str(bot.clock.at)}
    status |= {"recipient_user_id": RINI.id, "errors": [{"code": 131000, "title": "x"}]}
    status["biz_opaque_callback_data"] = shown.tracker
    for _ in range(3):
        assert await bot.bring(events.body(events.value(statuses=[status]))) == 200
    (waits,) = bot.later()
    bot.clock.at = waits.due_at
    await bot.post.round()
    assert bot.seen(RINI)[-1].text == shown.text


async def test_a_status_about_somebody_elses_conversation_shows_nothing(bot):
    await begun(bot)
    status = {"id": "wamid.7", "status": "failed", "timestamp": "1", "recipient_user_id": "ID.9"}
    status |= {"errors": [{"code": 131000}], "biz_opaque_callback_data": bot.seen(RINI)[-1].tracker}
    assert await bot.bring(events.body(events.value(statuses=[status]))) == 200
    assert bot.later() == []


# Outside of the 24 hours


def tell(bot: TalkingWhatsApp, key: str = "n1") -> None:
    """Something is told that was not asked for."""
    with bot.engine.begin() as connection:
        line = Line("poster.sent")
        notify(connection, key, bot.address(RINI), line, bot.clock.at)


def a_head(bot: TalkingWhatsApp) -> None:
    with bot.engine.begin() as connection:
        token = roles.invite(connection, "head", scoped("SMST-BTM"), bot.clock.at, Chance())
        roles.join(connection, token, bot.address(RINI), bot.clock.at)
    bot.graph.heard[RINI.id] = bot.clock.at


async def test_inside_of_the_window_it_is_sent_as_it_is(bot):
    a_head(bot)
    bot.clock.at += DAY // 2
    await bot.says(RINI, "/bantuan")  # which opens it anew
    bot.clock.at += DAY - 3_600
    tell(bot)
    await bot.post.round()
    assert bot.graph.calls[-1] == ("text", 0)
    assert bot.later() == []


async def test_outside_it_waits_behind_a_template_and_comes_at_a_tap(bot):
    """Nothing is tried that Meta would refuse; the template is sent once a day."""
    a_head(bot)
    bot.clock.at += 2 * DAY
    tell(bot)
    tell(bot, "n2")
    for _ in range(3):
        await bot.post.round()
    assert bot.graph.calls == [("template", 0)]
    assert [row.error for row in bot.later()] == [outbox.HELD] * 2
    await bot.sends(RINI, events.quick_reply(RINI, bot.clock.at, "/bantuan"))
    assert bot.graph.calls == [("template", 0)]  # the tap itself needs no other answer
    await bot.post.round()
    assert bot.graph.calls[1:] == [("text", 0), ("text", 0)]
    assert bot.later() == []


async def test_any_word_brings_it_too_and_is_answered(bot):
    a_head(bot)
    bot.clock.at += 2 * DAY
    tell(bot)
    await bot.post.round()
    await bot.says(RINI, "halo")
    await bot.post.round()
    assert [kind for kind, _ in bot.graph.calls].count("text") >= 2
    assert bot.later() == []


async def test_a_tap_below_a_template_of_which_nothing_waits_is_answered(bot):
    await bot.sends(RINI, events.quick_reply(RINI, bot.clock.at, "/bantuan"))
    assert "/cek" in bot.message(RINI).text


async def test_a_day_later_it_is_said_once_more_and_after_a_week_given_up(bot):
    a_head(bot)
    bot.clock.at += 2 * DAY
    tell(bot)
    for _ in range(9):
        for _ in range(3):
            await bot.post.round()
        bot.clock.at += DAY
    assert {kind for kind, _ in bot.graph.calls} == {"template"}
    assert len(bot.graph.calls) == 7  # not on the day on which it is given up
    assert bot.later() == []
    assert count(bot.engine, "outbox", "error = 'nobody wrote for 7 days'") == 1


async def test_faults_before_it_was_held_are_not_days(bot):
    """What could not be sent many times over is held as long as anything else."""
    a_head(bot)
    tell(bot)
    bot.graph.refuse(500, times=9)
    for _ in range(9):
        await bot.post.round()
        bot.clock.at = bot.later()[0].due_at
    bot.clock.at += 2 * DAY
    await bot.post.round()
    (waits,) = bot.later()[:1]
    assert (waits.error, waits.held_since) == (outbox.HELD, bot.clock.at)
    await bot.says(RINI, "halo")
    await bot.post.round()
    assert bot.later() == []
    assert count(bot.engine, "outbox", "failed_at IS NOT NULL") == 0


def test_days_of_waiting_are_told_by_the_clock():
    """Knocked at once a day at the same hour; a clock that is put back by less than an hour makes
    nothing due."""
    looks, at = [], 0
    while (again := held.next_look(0, at)) is not None:
        assert again - at <= outbox.LONGEST_WAIT - 3_600
        looks.append(at)
        at = again
    assert at == 7 * DAY
    assert [each for each in looks if each % DAY == 0] == [day * DAY for day in range(7)]


async def test_of_what_is_held_nothing_is_said_once_there_is_nothing_left(bot):
    """Here a reminder, whose reader has erased meanwhile what it is about."""
    address = await begun(bot)
    body = {"conversation": kept(bot.engine, address).id}
    with bot.engine.begin() as connection:
        outbox.put(connection, "r", "screen", address, body, bot.clock.at + 2 * DAY)
    bot.clock.at += 2 * DAY
    await bot.post.round()
    assert [row.error for row in bot.later()][:1] == [outbox.HELD]
    calls = len(bot.graph.calls)
    run(bot.engine, "DELETE FROM conversation")
    run(bot.engine, "DELETE FROM outbox WHERE kind = 'knock'")
    bot.clock.at += DAY
    await bot.post.round()
    await bot.post.round()
    assert bot.later() == []
    assert len(bot.graph.calls) == calls


async def test_a_list_of_commands_is_not_held_where_there_is_no_menu(bot):
    """A role that ends days after its holder wrote: nobody is knocked at for that."""
    a_head(bot)
    bot.clock.at += 2 * DAY
    with bot.engine.begin() as connection:
        refresh(connection, bot.address(RINI), bot.clock.at)
    for _ in range(3):
        await bot.post.round()
    assert bot.later() == []
    assert bot.graph.calls == []


async def test_a_tap_that_brought_what_waits_is_known_when_it_is_brought_again(bot):
    """Nothing waits any more then, so it would be answered as a command."""
    a_head(bot)
    bot.clock.at += 2 * DAY
    tell(bot)
    for _ in range(2):
        await bot.post.round()
    await bot.sends(RINI, events.quick_reply(RINI, bot.clock.at, "/bantuan"))
    await bot.post.round()
    calls = list(bot.graph.calls)
    assert await bot.bring(bot.brought[-1]) == 200
    await bot.says(RINI, "Survei: SMST-BTM")  # whose conversation remembers it from now on
    calls.append(bot.graph.calls[-1])
    assert await bot.bring(bot.brought[-2]) == 200
    assert bot.graph.calls == calls


async def test_without_a_template_it_waits(sqlite_url):
    async with talking_whatsapp(sqlite_url, template="") as bot:
        a_head(bot)
        bot.clock.at += 2 * DAY
        tell(bot)
        for _ in range(3):
            await bot.post.round()
        assert bot.graph.calls == []
        with bot.engine.connect() as connection:
            (said,) = _held(connection)
        assert said.says == "1 message waits until their 1 readers write, a week at most."
        await bot.says(RINI, "halo")
        await bot.post.round()
        assert bot.later() == []


async def test_131047_is_the_truth_whatever_we_thought(bot):
    a_head(bot)
    bot.graph.heard.clear()  # Meta knows of nothing
    tell(bot)
    for _ in range(3):
        await bot.post.round()
    assert bot.graph.calls == [("text", 131047), ("template", 0)]
    assert [row.error for row in bot.later()] == [outbox.HELD]


async def test_131047_told_afterwards_is_counted(bot):
    """What was sent is forgotten by then; a digest can be asked for again."""
    a_head(bot)
    bot.graph.heard.clear()
    bot.graph.late = True
    tell(bot)
    await bot.post.round()
    assert bot.graph.calls == [("text", 0)]
    (status,) = bot.graph.failed
    counter = FAILED.labels("wa", 131047)
    before = counter._value.get()
    assert await bot.bring(events.body(events.value(statuses=[status]))) == 200
    assert counter._value.get() == before + 1
    assert bot.later() == []


async def after_131047(bot: TalkingWhatsApp) -> str:
    """Of the first question, told afterwards; the question."""
    await begun(bot)
    shown = bot.seen(RINI)[-1]
    status = {"id": "wamid.7", "status": "failed", "timestamp": str(bot.clock.at)}
    status |= {"recipient_user_id": RINI.id, "errors": [{"code": 131047, "title": "x"}]}
    status["biz_opaque_callback_data"] = shown.tracker
    bot.graph.calls.clear()
    for _ in range(2):
        assert await bot.bring(events.body(events.value(statuses=[status]))) == 200
    for _ in range(3):
        await bot.post.round()
    assert bot.graph.calls == [("template", 0)]
    assert [row.error for row in bot.later()] == [outbox.HELD]
    return str(shown.text)


async def test_131047_of_a_question_waits_behind_a_template_and_comes_at_a_tap(bot):
    asked = await after_131047(bot)
    await bot.sends(RINI, events.quick_reply(RINI, bot.clock.at, "/bantuan"))
    await bot.post.round()
    assert bot.graph.calls[1:] == [("interactive", 0)]
    assert bot.seen(RINI)[-1].text == asked
    assert bot.later() == []


async def test_whoever_answers_after_131047_is_shown_the_next_question_alone(bot):
    await after_131047(bot)
    bot.clock.at += 5
    await bot.says(RINI, "3")
    await bot.post.round()
    assert bot.graph.calls[1:] == [("interactive", 0)]
    assert "2 dari 9" in bot.message(RINI).text
    assert bot.later() == []


async def test_of_citizens_nothing_is_kept_for_it(bot):
    """When they wrote last is known of who has a role, and from an open conversation."""
    await begun(bot)
    assert count(bot.engine, "role") == 0
    bot.clock.at += DAY // 2
    tell(bot)
    await bot.post.round()
    assert bot.graph.calls[-1] == ("text", 0)
