"""A whole survey on WhatsApp, as its reader sees it; files both ways; digests; what doctor says."""

import pytest

from bot.channels.registry import CHANNELS
from bot.channels.whatsapp.links import links, of_link
from bot.channels.whatsapp.wire import LARGEST
from bot.core.channel import Document, Picture, SendLater, SendNever, SentBefore
from flows.engine.form import literal
from flows.engine.push_buttons import opens
from flows.engine.say import rows
from flows.loader import words
from storage.chat import subscriptions
from tests.support import whatsapp_events as events
from tests.support.offices import Person, count, kept, unit_of
from tests.support.paths import TESTS
from tests.support.shown_files import ON_PURPOSE, stood_in
from tests.support.talking_whatsapp import RINI, TalkingWhatsApp, talking_whatsapp
from tests.support.visiting import rows as visits_of
from tests.support.visiting import visit
from tests.support.whatsapp_drawn import drawn

GOLDEN = TESTS / "data" / "a-survey-on-whatsapp.txt"


@pytest.fixture
async def bot(sqlite_url):
    async with talking_whatsapp(sqlite_url) as bot:
        yield bot


async def answered(bot: TalkingWhatsApp) -> list[str]:
    """From the link to the thanks: what each tap or word was, and what came then."""
    lines: list[str] = []

    async def then(said: str, doing) -> None:
        at = len(bot.graph.shown[RINI.id])
        bot.clock.at += 6
        await doing
        lines.append(f"> {said}")
        for body in bot.graph.shown[RINI.id][at:]:
            lines.extend(drawn(body))

    await then("Survei: SMST-BTM", bot.says(RINI, "Survei: SMST-BTM"))
    await then("[Setuju, mulai]", bot.taps(RINI, "Setuju, mulai"))
    for n in range(9):
        tapped = [each for each, _, _ in bot.seen(RINI)[-1].rows][3 - n % 2]
        await then(f"[{tapped}]", bot.taps(RINI, tapped))
    comment = "Antrean *lama*, dua jam"
    await then(comment, bot.says(RINI, comment))
    await then("[Lewati semua]", bot.taps(RINI, "Lewati semua"))
    await then("[Kirim]", bot.taps(RINI, "Kirim"))
    return lines


async def test_a_whole_survey_as_whatsapp_shows_it(bot):
    """tests/data/a-survey-on-whatsapp.txt is for reading."""
    now = "\n".join(await answered(bot)) + "\n"
    assert now == stood_in(GOLDEN, now), ON_PURPOSE
    talk = kept(bot.engine, bot.address(RINI))
    assert talk.status == "finished"


@pytest.mark.parametrize("fault", ["500", "130429", "131056", "cut", "taken, then cut"])
async def test_the_answers_are_the_same_whatever_fails(bot, fault):
    """Every other send fails; the post brings it later. Everything is brought twice."""
    code = int(fault) if fault.isdigit() else 0
    answers = ["Survei: SMST-BTM", "setuju", *"443344333", "Lewati", "Lewati semua", "Kirim"]
    for text in answers:
        bot.graph.refuse(code, done=fault.startswith("taken"))
        await bot.says(RINI, text)
        await bot.bring(bot.brought[-1])
        bot.graph.faults.clear()
        bot.clock.at += 20
        await bot.post.round()
    talk = kept(bot.engine, bot.address(RINI))
    assert talk.status == "finished"
    assert [v for v in talk.answers.values() if v in ("3", "4")] == [*"443344333"]
    assert "tanda terima" in bot.message(RINI).text


async def test_an_old_list_means_what_it_says(bot):
    """Nothing is edited here: a tap on the first question's list corrects that answer."""
    await bot.says(RINI, "Survei: SMST-BTM", "setuju")
    first = bot.seen(RINI)[-1]
    await bot.says(RINI, "1", "2")
    data, _ = first.data("Sangat sesuai")
    await bot.sends(RINI, events.chosen(RINI, bot.clock.at, data, "x", of_list=True))
    assert bot.message(RINI).text.startswith("1 Persyaratan diubah: Sangat sesuai")
    assert "3 dari 9" in bot.message(RINI).text
    assert kept(bot.engine, bot.address(RINI)).answers["requirements"] == "4"


async def test_one_message_acknowledges_and_asks(bot):
    await bot.says(RINI, "Survei: SMST-BTM", "setuju", "3")
    before = len(bot.graph.calls)
    await bot.taps(RINI, "‹ Kembali", "Sesuai")
    assert len(bot.graph.calls) == before + 2


# Files


async def test_a_file_is_fetched_by_its_id(bot):
    bot.graph.files["77"] = b"code;name\nX;Y"
    assert await bot.adapter.fetch("77") == b"code;name\nX;Y"
    with pytest.raises(SendNever):
        await bot.adapter.fetch("78")
    for strange in ("../me", "77?x=", "", "7 7"):
        with pytest.raises(SendNever, match="no id of a file"):
            await bot.adapter.fetch(strange)


async def test_the_token_goes_to_no_strange_host(bot):
    bot.graph.files["77"] = b"x"
    for host in ("http://127.0.0.1:9", "https://fbsbx.com.example", "http://lookaside.fbsbx.com"):
        bot.graph.media_url = host
        with pytest.raises(SendNever, match="strange host"):
            await bot.adapter.fetch("77")


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        *((302, SendNever), (401, SendNever), (403, SendNever), (404, SendNever), (410, SendNever)),
        *((429, SendLater), (500, SendLater), (503, SendLater)),
    ],
)
async def test_a_file_that_is_not_there_is_not_asked_for_again(bot, status, fault):
    bot.graph.files["77"], bot.graph.media_status = b"x", status
    with pytest.raises(fault, match=str(status)):
        await bot.adapter.fetch("77")


async def test_a_file_longer_than_was_said_is_left(bot, monkeypatch):
    monkeypatch.setattr("bot.channels.whatsapp.wire.LARGEST", 1_000)
    bot.graph.files["77"] = b"x" * 1_001
    with pytest.raises(SendNever, match="too large"):
        await bot.adapter.fetch("77")
    assert LARGEST == 20_000_000


async def test_documents_and_photos_are_uploaded_and_sent(bot):
    await bot.says(RINI, "halo")
    address = bot.address(RINI)
    bot.graph.files["55"] = b"jpeg"
    await bot.adapter.send(address, Document("laporan.pdf", b"pdf", "Laporan *TW*"), "")
    await bot.adapter.send(address, SentBefore("photo", "55", "Bukti"), "")
    document, photo = bot.graph.shown[RINI.id][-2:]
    assert document["document"]["filename"] == "laporan.pdf"
    assert document["document"]["caption"] == "Laporan ∗TW∗"
    assert photo["image"]["caption"] == "Bukti"
    sent = [content for _, _, content in bot.graph.uploaded.values()]
    assert sent == [b"pdf", b"jpeg"]
    mimes = [mime for mime, _, _ in bot.graph.uploaded.values()]
    assert mimes == ["application/pdf", "image/jpeg"]


@pytest.mark.parametrize("number", [2, 5])
async def test_a_digest_is_a_picture_with_its_caption_and_buttons(bot, number):
    """Up to three buttons stand below the picture; more are a list that follows it."""
    await bot.says(RINI, "halo")
    offers = [(literal(f"Pilihan {n}"), f"/rincian X{n}") for n in range(number)]
    shown = tuple(rows(opens(*offers), words("id")))
    await bot.adapter.send(bot.address(RINI), Picture(b"jpeg", "IKM 84,72", shown), "")
    seen = bot.seen(RINI)[-1]
    assert seen.text == "IKM 84,72"
    assert [label for label, _, _ in seen.rows] == [f"Pilihan {n}" for n in range(number)]
    assert len(bot.graph.shown[RINI.id]) == (2 if number == 2 else 3)


async def test_stop_ends_news(bot):
    """At once where nothing is open; the word first cancels what is."""
    await bot.says(RINI, "halo", "batal")
    with bot.engine.begin() as connection:
        unit = unit_of(connection, "SMST-BTM")
        subscriptions.subscribe(connection, bot.address(RINI), unit, bot.clock.at)
    await bot.says(RINI, "STOP")
    assert count(bot.engine, "subscription") == 0


async def test_a_visits_link_opened_on_two_platforms_counts_once(bot):
    link = visit(bot.engine, code="SMST-BTM")
    begun = ["setuju", *"443344333", "Lewati", "Lewati semua"]
    await bot.says(RINI, f"Survei: {link}", *begun)
    budi = Person(bot.turns, "tg:1")
    await budi.survey(link)
    await bot.says(RINI, "Kirim")
    assert [each for (each,) in visits_of(bot.engine, "channel")] == ["tg"]


# Links


@pytest.mark.parametrize(
    ("text", "payload"),
    [
        ("Survei: SAMSAT-BC", "SAMSAT-BC"),
        ("survei : samsat-bc.", "samsat-bc"),
        ("Survei: v_AbC-9_x", "v_AbC-9_x"),
        ("https://wa.me/6281234567890?text=Survei%3A%20SAMSAT-BC_mutasi", "SAMSAT-BC_mutasi"),
        ("lihat wa.me/6281?text=Survei%3A+SAMSAT-BC ya", "SAMSAT-BC"),
        ("survei kepuasan", None),
        ("Survei: ", None),
        ("Survei: dua kata", None),
        ("x" * 500 + "Survei: SAMSAT-BC", None),
    ],
)
def test_what_a_link_sends(text, payload):
    assert of_link(text) == payload


def test_links_are_whatsapps():
    found = links("6281234567890")
    assert found.unit("SAMSAT-BC") == "https://wa.me/6281234567890?text=Survei%3A%20SAMSAT-BC"
    assert of_link(found.visit("tok-EN_1")) == "v_tok-EN_1"
    assert "SKM_WHATSAPP_NUMBER" in links("").fault


# The house


def test_its_variables_are_read_and_what_is_wrong_is_said(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    platform = CHANNELS["whatsapp"]
    monkeypatch.setenv("SKM_WHATSAPP_NUMBER", "+62 812-3456-7890")
    assert platform.settings().whatsapp_number == "6281234567890"
    monkeypatch.setenv("SKM_WHATSAPP_NUMBER", "0812")
    with pytest.raises(ValueError, match="whatsapp_number"):
        platform.settings()


async def test_no_fault_says_the_token_or_a_number(bot):
    for code in (500, 190, 131009, 0):
        bot.graph.refuse(code)
        with pytest.raises((SendLater, SendNever)) as fault:
            await bot.adapter.wire.send({"to": "6281111111111"}, ("text", {"body": "rahasia"}))
        said = repr(fault.value) + repr(fault.value.__cause__)
        assert "EAA" not in said
        assert "62811" not in said
        assert "rahasia" not in said
