"""Meta's webhook: only what is signed is let in, and 200 means that all of it is kept."""

import asyncio
import json

import pytest
from prometheus_client import generate_latest

from bot.channels.whatsapp.chat_ids import ChatIds
from bot.channels.whatsapp.links import DAY, PATH
from bot.channels.whatsapp.webhook import MOST
from bot.core.turns.job import NotKept
from bot.core.watch.metrics import REGISTRY
from tests.support import whatsapp_events as events
from tests.support.offices import count, everything, kept
from tests.support.talking_whatsapp import BUDI, RINI, TalkingWhatsApp, talking_whatsapp
from tests.support.whatsapp_events import APP_SECRET, VERIFY, Who


@pytest.fixture
async def bot(sqlite_url):
    async with talking_whatsapp(sqlite_url) as bot:
        yield bot


def hello(bot: TalkingWhatsApp, who: Who = RINI, text: str = "Survei: SMST-BTM") -> bytes:
    bot.graph.heard[who.id] = bot.clock.at
    sent = events.message(who, bot.clock.at, text=text)
    return events.body(events.value(sent, contacts=(who,)))


def counted(outcome: str) -> float:
    return (
        REGISTRY.get_sample_value("skm_updates_total", {"channel": "wa", "outcome": outcome}) or 0.0
    )


@pytest.mark.parametrize(
    ("mode", "token", "asked", "status", "said"),
    [
        ("subscribe", VERIFY, "1158", 200, "1158"),
        ("subscribe", "kata-lain-16-huruf", "1", 403, ""),
        ("other", VERIFY, "1", 403, ""),
        ("subscribe", VERIFY, "<b>", 200, ""),
        ("", "", "", 403, ""),
    ],
)
async def test_the_challenge(bot, mode, token, asked, status, said):
    query = {"hub.mode": mode, "hub.verify_token": token, "hub.challenge": asked}
    answer = await bot.web.get(PATH, params=query)
    assert (answer.status_code, answer.text) == (status, said)


@pytest.mark.parametrize(
    "signature",
    ["", "sha256=" + "0" * 64, "sha256=" + "é" * 64, "sha1=" + "0" * 40, "x" * 71],
)
async def test_a_missing_or_wrong_signature_is_refused(bot, signature):
    raw = hello(bot)
    headers = {"X-Hub-Signature-256": signature.encode()} if signature else {"X": "1"}
    answer = await bot.web.post(PATH, content=raw, headers=headers)
    assert answer.status_code == 403
    assert bot.turns.asked == []


async def test_the_signature_is_over_the_raw_body_with_our_secret(bot):
    raw = hello(bot)
    assert await bot.bring(raw + b" ", **events.signed(raw)) == 403
    assert await bot.bring(raw, **events.signed(raw, "f" * 32)) == 403
    assert await bot.bring(raw) == 200
    assert len(bot.turns.done) == 1


async def test_ten_megabytes_are_refused_before_they_are_read_whole(bot):
    raw = b" " * 10_000_000
    assert await bot.bring(raw) == 413
    assert await bot.bring(b"{" + b" " * (MOST - 1)) == 200  # signed, and nothing to us


STRANGE = [
    b"",
    b"\xff\xfe",
    b"null",
    b"[]",
    b'{"entry": 7}',
    b'{"object": "whatsapp_business_account", "entry": [{"changes": [{"value": 1}]}]}',
    b"[" * 100_000,
    json.dumps({"entry": [{"changes": [{"value": {"messages": [7, {"id": 1}, {}]}}]}]}).encode(),
]


@pytest.mark.parametrize("raw", STRANGE, ids=range(len(STRANGE)))
async def test_what_cannot_be_read_is_passed_over_and_counted(bot, raw):
    """To refuse it would have Meta bring it again for seven days."""
    before = counted("unreadable")
    assert await bot.bring(raw) == 200
    assert counted("unreadable") > before
    assert bot.turns.asked == []


async def test_an_unreadable_message_takes_no_other_with_it(bot):
    good = json.loads(hello(bot))
    good["entry"][0]["changes"][0]["value"]["messages"].insert(0, {"id": [], "type": "text"})
    good["entry"].insert(0, {"changes": [{"value": "?"}]})
    assert await bot.bring(json.dumps(good).encode()) == 200
    assert len(bot.turns.done) == 1


KINDS = [
    ("reaction", {"emoji": "👍", "message_id": "wamid.1"}, False),
    ("system", {"body": "x", "type": "customer_identity_changed"}, False),
    ("hologram", {"depth": 3}, True),
    ("sticker", {"id": "1"}, True),
    ("audio", {"id": "1", "voice": True}, True),
    ("unsupported", {"type": "poll_creation"}, True),
]


@pytest.mark.parametrize(("kind", "content", "is_answered"), KINDS, ids=lambda each: str(each)[:12])
async def test_kinds_that_are_no_answer(bot, kind, content, is_answered):
    """Passed over in silence, or with a sentence that says how to answer."""
    await bot.says(RINI, "Survei: SMST-BTM")
    shown = len(bot.seen(RINI))
    assert await bot.sends(RINI, events.message(RINI, bot.clock.at, kind, **content)) == 200
    assert len(bot.seen(RINI)) - shown == int(is_answered)
    if kind == "audio":
        assert "suara" in bot.message(RINI).text  # please type
    assert kept(bot.engine, bot.address(RINI)).answers == {"service": "pajak"}


async def test_several_entries_of_several_people_out_of_order(bot):
    """Each person's are taken in the order in which they were sent."""
    await bot.says(RINI, "Survei: SMST-BTM")
    await bot.taps(RINI, "Setuju, mulai")
    at = bot.clock.at
    bot.clock.at = at + 10
    bot.graph.heard[BUDI.id] = bot.clock.at
    third, second = (events.message(RINI, at + n, text=str(n)) for n in (3, 2))
    other = events.message(BUDI, at + 1, text="Survei: SMST-BTM")
    raw = events.body(
        events.value(third, contacts=(RINI,)),
        events.value(other, second, contacts=(BUDI, RINI)),
    )
    assert await bot.bring(raw) == 200
    answers = [*kept(bot.engine, bot.address(RINI)).answers.values()]
    assert answers[-2:] == ["2", "3"]
    assert "Kantor SMST-BTM" in bot.message(BUDI).text


async def test_a_request_of_which_one_event_is_not_kept_comes_again(bot):
    """… and the others are known then: nothing is taken twice."""
    await bot.says(RINI, "Survei: SMST-BTM")
    await bot.taps(RINI, "Setuju, mulai")
    bot.turns.refuse[bot.address(BUDI)] = NotKept("away")
    mine = events.message(RINI, bot.clock.at, text="4")
    raw = events.body(
        events.value(mine, contacts=(RINI,)),
        events.value(events.message(BUDI, bot.clock.at, text="halo"), contacts=(BUDI,)),
    )
    assert await bot.bring(raw) == 503
    bot.turns.refuse.clear()
    bot.graph.heard[BUDI.id] = bot.clock.at
    assert await bot.bring(raw) == 200
    talk = kept(bot.engine, bot.address(RINI))
    assert [*talk.answers.values()].count("4") == 1
    assert "Unit mana" in bot.message(BUDI).text


async def test_200_comes_after_the_commit(bot):
    bot.turns.free.clear()
    raw = hello(bot)
    bringing = asyncio.create_task(bot.web.post(PATH, content=raw, headers=events.signed(raw)))
    await bot.turns.until(lambda: bot.turns.asked != [])
    assert not bringing.done()
    bot.turns.free.set()
    assert (await bringing).status_code == 200
    assert bot.turns.done == [bot.address(RINI)]
    await bot.adapter.drain(60)


async def test_a_repeat_beyond_all_that_is_remembered_changes_nothing(bot):
    """More than 32 events of a person lie between: its own time tells that it is overtaken."""
    await bot.says(RINI, "Survei: SMST-BTM")
    await bot.taps(RINI, "Setuju, mulai", "Tidak sesuai")
    old = bot.brought[-1]  # answer 1 to the first question
    await bot.taps(RINI, "‹ Kembali", "Sangat sesuai")
    for _ in range(40):
        bot.clock.at += 5
        await bot.says(RINI, "apa?")
    before = kept(bot.engine, bot.address(RINI))
    assert await bot.bring(old) == 200
    assert kept(bot.engine, bot.address(RINI)) == before
    assert before.answers["requirements"] == "4"


async def test_what_waited_while_skm_was_down_is_taken_in_order(bot):
    """All of it is late, and nothing of this person overtook it."""
    await bot.says(RINI, "Survei: SMST-BTM")
    await bot.taps(RINI, "Setuju, mulai")
    waited = [
        events.body(
            events.value(events.message(RINI, bot.clock.at + n, text="3"), contacts=(RINI,))
        )
        for n in (10, 20, 30)
    ]
    bot.clock.at += 7_200
    for raw in waited:
        assert await bot.bring(raw) == 200
    assert [*kept(bot.engine, bot.address(RINI)).answers.values()][-3:] == ["3", "3", "3"]


async def test_what_is_older_than_a_day_is_passed_over(bot):
    """It could not be answered any more: Meta would refuse that."""
    raw = hello(bot)
    bot.clock.at += DAY
    before = counted("passed_over")
    assert await bot.bring(raw) == 200
    assert counted("passed_over") == before + 1
    assert bot.turns.asked == []


async def test_times_that_cannot_be(bot):
    for stamp in ("", "soon", "-5", "9" * 4000, str(bot.clock.at + 3_600)):
        sent = {**events.message(RINI, 0, text="halo"), "timestamp": stamp}
        assert await bot.bring(events.body(events.value(sent, contacts=(RINI,)))) == 200
    assert bot.turns.asked == []


async def test_other_numbers_and_groups_are_not_ours(bot):
    other = json.loads(hello(bot))
    other["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = "999"
    group = json.loads(hello(bot))
    group["entry"][0]["changes"][0]["value"]["messages"][0]["group_id"] = "Y2FwaV9ncm91cA"
    for raw in (other, group):
        assert await bot.bring(json.dumps(raw).encode()) == 200
    assert bot.turns.asked == []


async def test_no_table_holds_a_number(bot):
    """Neither of whom Meta hides, nor of whom it does not; nor inside of its own ids."""
    old = Who("", "6283333333333", "Ani")  # of whom Meta tells no opaque id
    for who in (RINI, old):
        await bot.says(who, "Survei: SMST-BTM", "setuju", "halo", "/batal")
        await bot.says(who, "Survei: SMST-BTM", "setuju", "2")
    bot.graph.refuse(500, times=3)
    await bot.says(old, "3")
    everywhere = everything(bot.engine)
    assert "3333333" not in everywhere
    assert "1111111" not in everywhere
    assert "wamid" not in everywhere
    assert bot.address(old) in everywhere
    assert "Pertanyaan 2 dari 9" in bot.message(old).text or bot.later()
    assert "3333333" not in generate_latest(REGISTRY).decode()


def test_a_sealed_number_is_the_same_each_time_and_opened_by_no_other_secret():
    ids = ChatIds(APP_SECRET)
    address = ids.address("", "6283333333333")
    assert address == ChatIds(APP_SECRET).address("", "6283333333333")
    assert ids.of(address) == {"to": "6283333333333"}
    assert ids.of(ids.address("ID.12", "6283333333333")) == {"recipient": "ID.12"}
    with pytest.raises(ValueError, match="another SKM_WHATSAPP_APP_SECRET"):
        ChatIds("f" * 32).of(address)
    assert ids.address("no id", "") == ids.address("", "1; DROP TABLE") == ""


async def test_who_changed_the_number_is_let_go(bot):
    """Their open survey ends; nobody is written to at the old place."""
    await bot.says(RINI, "Survei: SMST-BTM")
    shown = len(bot.seen(RINI))
    changed = events.message(
        RINI, bot.clock.at, "system", body="x", type="user_changed_number", wa_id="6289"
    )
    assert await bot.bring(events.body(events.value(changed))) == 200
    assert count(bot.engine, "conversation") == 0
    assert len(bot.seen(RINI)) == shown
