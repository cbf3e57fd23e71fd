"""Tables that people send: read before a turn, few at a time, and nobody else waits for them."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.core.turns import sent_tables
from bot.core.turns.sent_tables import HELD, READ, Queue
from flows.engine.form import Line
from flows.engine.say import Words
from flows.loader import words
from storage.files import spreadsheet
from storage.files.refused import FileRefused
from storage.files.unit_file import parsed
from storage.office import paper_details, roles
from storage.scope import EVERYTHING
from tests.support import telegram_updates as updates
from tests.support.citizen import Citizen
from tests.support.end_to_end import free_port, office, quiet
from tests.support.hostile_tables import far_cell
from tests.support.offices import NOON, Chance, audit_of, scoped
from tests.support.pictures import png
from tests.support.skm_process import environment, forked, forked_once
from tests.support.talking_bot import TalkingBot, begin, talking
from tests.support.telegram_server import Telegram

HEADER = "code,name,agency,region,timezone,services,population"
ROW = "BARU-1,Kantor Baru,Pemprov Contoh,Contoh,WIB,,10"
TABLE = f"{HEADER}\n{ROW}\n".encode()


async def send(telegram: Telegram, citizen: Citizen, content: bytes) -> None:
    """Until the bot has shown something since."""
    name = "unit.xlsx" if content.startswith(b"PK") else "unit.csv"
    file = f"F-{citizen.id}-{len(telegram.front.files)}"
    telegram.front.files[file] = content
    await citizen.deliver(updates.document(citizen._me, file, name, len(content)))


def make_admin(bot: TalkingBot, citizen: Citizen) -> None:
    with bot.engine.begin() as connection:
        token = roles.invite(connection, "admin", EVERYTHING, NOON, Chance(citizen.id))
        roles.join(connection, token, f"tg:{citizen.id}", NOON)


async def at_table(citizen: Citizen) -> None:
    await citizen.send("/unit *")
    await citizen.tap("Kirim tabel unit")


class Reading:
    """`spreadsheet.table`, held until it is let go; which threads it ran in, how many at once."""

    def __init__(self) -> None:
        self.free = threading.Event()
        self.begun = threading.Semaphore(0)
        self.threads: set[str] = set()
        self.now = self.most = 0
        self._lock = threading.Lock()

    def __call__(self, name: str, content: bytes) -> spreadsheet.Sheets:
        with self._lock:
            self.threads.add(threading.current_thread().name)
            self.now += 1
            self.most = max(self.most, self.now)
        self.begun.release()
        assert self.free.wait(60)
        with self._lock:
            self.now -= 1
        return {"": [line.split(",") for line in content.decode().splitlines()]}


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reading]:
    reading = Reading()
    monkeypatch.setattr(spreadsheet, "table", reading)
    yield reading
    reading.free.set()


async def begun(reading: Reading) -> None:
    assert await asyncio.to_thread(reading.begun.acquire, timeout=60)


async def test_while_a_table_is_read_citizens_are_answered(telegram, sqlite_url, reading):
    """By polling, where one update that is not taken would hold all that come after it."""
    async with talking(telegram, sqlite_url) as bot:
        admin, rini = telegram.citizen(), telegram.citizen()
        make_admin(bot, admin)
        await at_table(admin)
        sent = asyncio.create_task(send(telegram, admin, TABLE))
        await begun(reading)
        await begin(rini)
        await rini.tap("3")
        assert "2 dari 9" in rini.text
        assert not sent.done()
        reading.free.set()
        await sent
        assert "Unit baru: 1" in admin.text
    assert all(name.startswith("tables") for name in reading.threads)


async def test_a_table_under_way_at_a_stop_is_asked_for_again(telegram, sqlite_url, reading):
    async with talking(telegram, sqlite_url) as bot:
        admin = telegram.citizen()
        make_admin(bot, admin)
        await at_table(admin)
        sent = asyncio.create_task(send(telegram, admin, TABLE))
        await begun(reading)
        await bot.adapter.drain(0)
        assert [row.kind for row in bot.later()] == ["screen"]
        await bot.post.round()
        await sent
        assert admin.text == words("id").line(Line("attach.unfetched"))
        reading.free.set()
        await send(telegram, admin, TABLE)
        assert "Unit baru: 1" in admin.text


async def test_few_are_read_at_a_time_however_many_are_sent(reading):
    tasks = [asyncio.create_task(sent_tables.read("unit.csv", TABLE)) for _ in range(20)]
    for _ in range(READ):
        await begun(reading)
    reading.free.set()
    read = await asyncio.gather(*tasks)
    assert (reading.most, len(reading.threads)) == (READ, READ)
    assert read == [{"": [HEADER.split(","), ROW.split(",")]}] * 20


async def test_of_one_persons_tables_one_is_held_and_of_all_a_few():
    queue, held, most = Queue(), [], []
    go = asyncio.Event()

    async def take(address: str) -> None:
        async with queue.turn(address):
            held.append(address)
            most.append(tuple(held))
            await go.wait()
            held.remove(address)

    tasks = [asyncio.create_task(take("tg:1")) for _ in range(50)]
    tasks += [asyncio.create_task(take(f"tg:{n}")) for n in range(2, 12)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert held == [f"tg:{n}" for n in range(1, HELD + 1)]
    go.set()
    await asyncio.gather(*tasks)
    assert max(map(len, most)) == HELD
    assert all(each.count("tg:1") <= 1 for each in most)
    assert len(queue._persons) == 0


async def test_a_photo_of_a_logo_is_fetched_drawn_anew_kept_and_logged(telegram, sqlite_url):
    async with talking(telegram, sqlite_url) as bot:
        sari = telegram.citizen()
        make_admin(bot, sari)
        await sari.send("/penandatangan SMST-BTM")
        await sari.tap("Logo")
        telegram.front.files["photo-320"] = png(8, b"GPS: -6.2, 106.8")
        await sari.deliver(updates.photo(sari._me))
        await sari.tap("Simpan")
        with bot.engine.begin() as connection:
            kept = paper_details.of_scope(connection, scoped("SMST-BTM")).logo
            (entry, *_) = audit_of(connection, [scoped("SMST-BTM")], 1)
        assert kept is not None
        assert (kept[:4], b"GPS" in kept) == (b"\x89PNG", False)
        assert (entry.action, entry.after) == ("sign_papers", {"paper": "logo"})
        await sari.tap("Isi yang lain")
        await sari.tap("Logo")
        telegram.front.files["photo-320"] = b"GIF89a"
        await sari.deliver(updates.photo(sari._me))
        assert sari.text.startswith("Ini bukan PNG, JPEG, atau SVG.")


async def test_what_is_wrong_with_a_table_is_said_in_the_chats_language():
    found = await sent_tables.read("unit.csv", b"x,y\n" * 5_000)
    assert words("id").line(found).splitlines() == [
        "Berkas belum diterima, belum ada yang berubah.",
        "Tabel ini sampai baris 5.000; paling banyak 2.000 baris. Kirim per bagian, "
        "tanpa baris kosong.",
    ]
    assert "row 5,000; at most 2,000 rows" in words("en").line(found)


def test_a_hundred_thousand_bad_cells_cost_no_words(monkeypatch: pytest.MonkeyPatch):
    said = 0
    line = Words.line

    def counted(self: Words, given: Line, **more: Any) -> str:
        nonlocal said
        said += 1
        return line(self, given, **more)

    monkeypatch.setattr(Words, "line", counted)
    bad = ["!", "", "*", "", "MARS", "a;a", "x"]
    with pytest.raises(FileRefused) as refused:
        parsed({"": [HEADER.split(","), *[bad] * 15_000]}, 0)
    assert len(refused.value.faults) == 20
    assert refused.value.more == 7 * 15_000 + 14_999 - 20  # … and the code, twice
    assert str(refused.value).endswith("\n… and 119,979 more.")
    assert said < 200


@pytest.mark.e2e
async def test_a_far_cell_sent_to_a_process_is_refused_and_nothing_else_stops(
    telegram: Telegram, empty_sqlite_url: str, tmp_path: Path
):
    env = environment(
        empty_sqlite_url, telegram_token=telegram.token, telegram_api_url=telegram.url,
        telegram_bot=telegram.username, http_port=str(free_port()),
    )  # fmt: skip
    await office(env, tmp_path, forked_once)
    invite = ("invite", "admin", "*")
    invited = await asyncio.to_thread(forked_once, *invite, env=env, folder=tmp_path)
    with forked("run", env=env, folder=tmp_path) as process:
        await telegram.listening()
        admin, rini = telegram.citizen(), telegram.citizen()
        await admin.send(f"/start {invited.stdout.partition('start=')[2].split()[0]}")
        await at_table(admin)
        await rini.send("/start DPMPTSP-PP")
        await asyncio.gather(send(telegram, admin, far_cell(tmp_path)), rini.tap("Setuju, mulai"))
        await admin.sees("unit.xlsx terlalu besar atau rusak.")
        assert "Izin usaha" in rini.buttons
        await send(telegram, admin, TABLE)
        await admin.sees("Unit baru: 1")
        assert process.stop() == 0, process.said
    assert quiet(process.said)
