"""The proof of a finished plan comes again by the platform's id of it, by either library, to
whoever may know it when it is sent; and a photo that everybody may see is fetched, and drawn anew,
when its head says so."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from sqlalchemy import text

from flows.office.proof import File, file_of, proof_of
from reports.printed.redrawing import sides_of
from storage.office import follow_ups, public_files, roles
from storage.office.follow_ups import Plan
from tests.support.citizen import Citizen
from tests.support.offices import NOON, Chance, run, scoped, unit_of
from tests.support.pictures import taken
from tests.support.talking_bot import LIBRARIES, TalkingBot, talking
from tests.support.telegram_server import Telegram

DAY = date(2026, 11, 19)


@pytest.fixture(params=LIBRARIES)
async def bot(request, telegram: Telegram, sqlite_url: str) -> AsyncIterator[TalkingBot]:
    async with talking(telegram, sqlite_url, library=request.param) as bot:
        yield bot


async def known(bot: TalkingBot, kind: str) -> str:
    """The id of a file that the server has: one that the bot brought to somebody."""
    to, wire = bot.telegram.citizen().id, bot.adapter.wire
    if kind == "photo":
        await wire.send_photo(to, b"JPEG", "", {})
    else:
        await wire.send_document(to, "sk.pdf", b"PDF", "")
    sent = bot.telegram.calls.pop().body["result"][kind]
    return str((sent[0] if isinstance(sent, list) else sent)["file_id"])


def head_of_a_finished_plan(bot: TalkingBot, proof: File) -> Citizen:
    sari = bot.telegram.citizen()
    with bot.engine.begin() as connection:
        token = roles.invite(connection, "head", scoped("SMST-BTM"), NOON, Chance(proof.file))
        roles.join(connection, token, f"tg:{sari.id}", NOON)
        unit = unit_of(connection, "SMST-BTM").id
        plan = Plan("cost", "Papan tarif", DAY, "Kepala Seksi")
        id = follow_ups.keep(connection, unit, plan, DAY, NOON, "uji")
        follow_ups.finish(connection, unit, id, DAY, "", "", proof)
    return sari


async def asks(sari: Citizen) -> None:
    await sari.send("/tindaklanjut")
    await sari.tap("Yang sudah selesai")
    await sari.tap("19 Nov 2026 · Papan tarif")
    await sari.tap("Lihat bukti")


@pytest.mark.parametrize(("kind", "method"), [("photo", "sendPhoto"), ("document", "sendDocument")])
async def test_it_comes_by_its_id(bot, kind, method):
    file = await known(bot, kind)
    sari = head_of_a_finished_plan(bot, File(kind, file, "tg"))
    await asks(sari)
    await bot.post.long_round()
    (call,) = [call for call in bot.telegram.calls if call.method == method]
    assert (call.status, call.chat, call.params[kind]) == (200, sari.id, file)
    assert call.params["caption"] == "Bukti: Papan tarif · selesai 19 Nov 2026"
    assert bot.later() == []


async def test_it_does_not_come_to_whose_role_has_ended(bot):
    await asks(head_of_a_finished_plan(bot, File("photo", "AgAC-1", "tg")))
    run(bot.engine, "DELETE FROM role")
    await bot.post.long_round()
    assert [call for call in bot.telegram.calls if call.method == "sendPhoto"] == []
    assert bot.later() == []


async def test_it_does_not_come_by_another_channel(bot):
    """A file's id is that of the channel by which it came; no other is asked for it."""
    await asks(head_of_a_finished_plan(bot, File("photo", "AgAC-1", "wa")))
    await bot.post.long_round()
    assert [call for call in bot.telegram.calls if call.method == "sendPhoto"] == []


@pytest.mark.parametrize("typed", ["document:https://contoh.example/x.pdf", "photo:" + "A" * 70])
def test_what_is_typed_is_never_a_file(typed):
    """A head's words stay words: nothing is sent for them in the bot's name."""
    assert (proof_of({"text": typed}), file_of({"text": typed}, "tg:1")) == (typed, None)
    sent = {"text": typed, "file": "AgAC", "kind": "photo"}
    assert (proof_of(sent), file_of(sent, "tg:1")) == ("", File("photo", "AgAC", "tg"))


TYPED = ("document:https://contoh.example/x.pdf", "photo:AgACAgUAAxkBAAIB_x-1234567890")


@pytest.mark.parametrize("typed", TYPED)
async def test_a_proof_that_was_typed_like_a_file_comes_as_words_alone(bot, typed):
    """Of a follow-up and of an innovation: from the chat to the chat."""
    sari = bot.telegram.citizen()
    with bot.engine.begin() as connection:
        token = roles.invite(connection, "head", scoped("SMST-BTM"), NOON, Chance(typed))
        roles.join(connection, token, f"tg:{sari.id}", NOON)
        plan = Plan("cost", "Papan tarif", DAY, "Kepala Seksi")
        follow_ups.keep(connection, unit_of(connection, "SMST-BTM").id, plan, DAY, NOON, "uji")
    await said(sari, "/tindaklanjut", "[19 Nov 2026 · Papan tarif]", "[Selesai]", typed)
    await said(sari, "[Jangan kabari]", "[Simpan]", "/tindaklanjut", "[Yang sudah selesai]")
    await sari.tap("19 Nov 2026 · Papan tarif")
    assert f"Bukti: {typed}" in sari.text
    assert "Lihat bukti" not in sari.buttons
    await said(sari, "/batal", "/inovasi", "[Biaya/Tarif]", "Papan", "Tarif dipasang.")
    await said(sari, "1-11-2026", typed, "[Simpan]", "/inovasi", "[Papan · 1 Nov 2026]")
    assert "Lihat bukti" not in sari.buttons
    await bot.post.long_round()
    methods = {call.method for call in bot.telegram.calls}
    assert not {"sendPhoto", "sendDocument"} & methods
    for table in ("follow_up", "innovation"):
        columns = text(f"SELECT proof, proof_kind, proof_file, proof_channel FROM {table}")
        with bot.engine.connect() as connection:
            assert [tuple(row) for row in connection.execute(columns)] == [(typed, "", "", "")]


async def begins_to_finish(bot: TalkingBot, content: bytes | None) -> Citizen:
    """A head who is asked whether everybody may see the photo. `content`: of it, as the platform
    has it; None: it has it no more."""
    sari = bot.telegram.citizen()
    with bot.engine.begin() as connection:
        token = roles.invite(connection, "head", scoped("SMST-BTM"), NOON, Chance("photo"))
        roles.join(connection, token, f"tg:{sari.id}", NOON)
        plan = Plan("cost", "Papan tarif", DAY, "Kepala Seksi")
        follow_ups.keep(connection, unit_of(connection, "SMST-BTM").id, plan, DAY, NOON, "uji")
    if content is not None:
        bot.telegram.front.files["photo-320"] = content
    await said(sari, "/tindaklanjut", "[19 Nov 2026 · Papan tarif]", "[Selesai]")
    await sari.photo()
    assert sari.text.startswith("Foto ini boleh tampil di situs publik?")
    assert [*sari.buttons][:2] == ["Jangan tampilkan", "Tampilkan"]
    return sari


def fetched(bot: TalkingBot) -> list[str]:
    return [call.params["file_id"] for call in bot.telegram.calls if call.method == "getFile"]


def public(bot: TalkingBot) -> list[public_files.PublicFile]:
    with bot.engine.connect() as connection:
        return public_files.of_units(connection).get(1, [])


async def test_a_photo_is_fetched_once_everybody_may_see_it(bot):
    sari = await begins_to_finish(bot, taken(640, 480))
    assert fetched(bot) == []
    await said(sari, "[Tampilkan]", "[Jangan kabari]")
    assert fetched(bot) == ["photo-320"]
    assert "Foto: tampil di situs publik" in sari.text
    assert public(bot) == []  # nothing is done yet
    await sari.tap("Simpan")
    (photo,) = public(bot)
    with bot.engine.connect() as connection:
        kept = public_files.content(connection, 1, photo.hash) or b""
    assert (photo.kind, photo.of, sides_of(kept)) == ("follow_up", "1", (600, 800))
    assert b"GPS" not in kept
    await said(sari, "/tindaklanjut", "[Yang sudah selesai]", "[19 Nov 2026 · Papan tarif]")
    await sari.tap("Turunkan foto")
    assert sari.text.startswith("Foto diturunkan dari situs publik.")
    assert public(bot) == []


async def test_a_photo_that_stays_inside_is_not_fetched(bot):
    sari = await begins_to_finish(bot, taken(640, 480))
    await said(sari, "[Jangan tampilkan]", "[Jangan kabari]", "[Simpan]")
    assert (fetched(bot), public(bot)) == ([], [])


@pytest.mark.parametrize(("content", "why"), [
    (b"GIF89a", "Foto ini tidak dapat dibaca, jadi tidak bisa tampil."),
    (taken(64, 48)[:300], "Foto ini tidak dapat dibaca"),
    (b"x" * 5_000_001, "Gambar ini terlalu besar, paling banyak 5 MB."),
    (None, "Foto ini belum dapat diambil. Ketuk sekali lagi"),
], ids=("gif", "cut", "large", "gone"))  # fmt: skip
async def test_a_photo_that_cannot_be_shown_is_refused_and_nothing_is_lost(bot, content, why):
    sari = await begins_to_finish(bot, content)
    await sari.tap("Tampilkan")
    assert why in sari.text
    await sari.tap("Jangan tampilkan")
    await said(sari, "[Jangan kabari]", "[Simpan]")
    assert sari.text.startswith("Tercatat selesai.")
    with bot.engine.connect() as connection:
        plan = follow_ups.one(connection, 1, 1)
    assert plan is not None
    assert plan.file == File("photo", "photo-320", "tg")
    assert public(bot) == []


async def test_a_photo_that_lies_here_no_more_is_asked_for_again(bot):
    sari = await begins_to_finish(bot, taken(640, 480))
    await said(sari, "[Tampilkan]", "[Jangan kabari]")
    run(bot.engine, "DELETE FROM sent_file")
    await sari.tap("Simpan")
    assert sari.text.startswith("Foto itu tidak tersimpan lagi di sini.")
    await sari.tap("Tampilkan")
    assert sari.text.startswith("Tercatat selesai.")
    assert len(public(bot)) == 1


async def said(sari: Citizen, *events: str) -> None:
    for event in events:
        if event.startswith("["):
            await sari.tap(event.strip("[]"))
        else:
            await sari.send(event)
