"""`skm demo`: sample offices in a temporary database, a chat, then the index and the digest.

No token and no network. The chat is the real one: `bot.core.turns.turn_worker` behind a keyboard
instead of a phone. In here it is Friday of last week, so that the answer given now is in that
week's digest.
"""

import asyncio
import re
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import UTC, date, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path

import typer
from sqlalchemy import Engine

from bot.channels.terminal.channel import ADDRESS, Terminal, boxed, width
from bot.channels.terminal.links import LINKS, START
from bot.commands.demo_web import in_browser, source
from bot.commands.figures.digest import digest_of, write
from bot.commands.figures.fold import folded
from bot.commands.figures.index_table import show
from bot.commands.sample_answers import sample_answers
from bot.core.sending.post import keep_for_later
from bot.core.turns.turn_worker import Turns
from flows.formats import days
from flows.loader import words
from flows.operator_words import speaking
from reports.digest.caption import digest_text
from reports.stored.figures import figures_of
from storage import questionnaires, units
from storage.answers import responses
from storage.chat import conversations
from storage.database.connect import migrate, open_engine
from storage.database.private_files import make_private_folder
from storage.files import unit_file
from storage.office import roles
from storage.periods import Period, period_of, previous
from storage.scope import EVERYTHING, Scope
from storage.units import Unit
from storage.vault import Vault

SEED = 14_2017
VISIT = timedelta(days=4, hours=3, minutes=15)  # Friday 10.15 WIB, after Monday 00.00 UTC
UNIT = "SAMSAT-CONTOH"  # shown where nobody rated another
ADMIN_OF = "DUKCAPIL-CONTOH"  # whose survey is therefore only a preview
PROMPT = "› "
BUTTON = re.compile(r"\[\d+ [^]]*\]")

WELCOME = """\
SKM · demo: tanpa token, tanpa jaringan, basis data sementara.
Tiga kantor rekaan (Samsat, Disdukcapil, RSUD) dengan jawaban rekaan 8 minggu.
Di sini hari ini Jumat, {day}. Anda warga yang baru selesai dilayani.
Ketik nomor tombol atau kata-katanya; /batal, /bahasa dan /bantuan juga jalan.
Anda juga admin Disdukcapil: /pertanyaan jalan, surveinya di sana pratinjau.
Ctrl-D: langsung ke hasilnya.
"""
BROWSER = "Di peramban, survei yang sama: {address}\n"
AGAIN = "Enter: lihat hasilnya. /start: nilai lagi."
LEFT = "Baik, sampai di sini dulu."
INDEX = "Indeks triwulan berjalan · skm index --unit {code} --period {period}"
DIGEST = "Senin 08.00 kepala unit menerima · skm digest {code}"
PICTURE = "Gambarnya: {file}"
BYE = "Bot yang sama di Telegram: pasang token dari @BotFather, lalu skm run (README)."

# A citizen who answers by numbers and by words, skips what may be skipped and changes an answer.
SCRIPT = (
    *("samsat", "1", "Setuju, mulai", "Pajak tahunan"),
    *("3", "4", "Kurang cepat", "3", "3", "Kompeten", "4", "2", "tidak berlaku"),
    *("Antre cek fisik hampir dua jam.", "Lewati"),  # why two scores are low
    *("Petugas ramah, tetapi antre cek fisik hampir dua jam.", "Lewati semua"),
    *("Ubah", "2 Prosedur", "Mudah", "Kirim"),
)


def demo(once: bool) -> None:
    """Talk, or play a citizen where nobody can (no terminal) or is to (`once`)."""
    alone = once or not (sys.stdin.isatty() and sys.stdout.isatty())
    play(_scripted() if alone else _typed(), lambda: int(time.time()), web=not alone)


def play(lines: Iterable[str], clock: Callable[[], int], *, web: bool = False) -> None:
    """Hear these lines as a citizen's, then show what they add up to. `clock`: Unix seconds;
    `web`: in a browser it can be answered too, as long as the lines last."""
    today = datetime.fromtimestamp(clock(), UTC)
    week = previous(period_of("week", today.date()))
    visit = datetime.combine(week.first, datetime.min.time(), UTC) + VISIT
    late = clock() - int(visit.timestamp())
    folder = Path(tempfile.mkdtemp(prefix="skm-demo-"))
    with speaking("id"), _sample_database(folder / "database", week.first) as engine:
        typer.echo(WELCOME.format(day=_named(visit.date())))
        unit = _talk(engine, lines, lambda: clock() - late, web)
        _show(engine, unit, week, folder)
    typer.echo(BYE)


@contextmanager
def _sample_database(folder: Path, week: date) -> Iterator[Engine]:
    """Three offices with eight weeks of answers; gone afterwards."""
    make_private_folder(folder)
    url = f"sqlite:///{folder / 'skm.db'}"
    migrate(url)
    engine = open_engine(url)
    try:
        _fill(engine, week)
        yield engine
    finally:
        engine.dispose()
        shutil.rmtree(folder)


def _fill(engine: Engine, week: date) -> None:
    since = int(datetime.combine(week, datetime.min.time(), UTC).timestamp())
    with as_file(files("bot") / "samples" / "units.csv") as file:
        rows = unit_file.read(file, since).rows
    with engine.begin() as connection:
        questionnaires.keep_first(connection, rows)
        units.save(connection, rows)
        for unit in units.in_scope(connection, EVERYTHING):
            for draft in sample_answers(unit, week, SEED):
                responses.keep(connection, unit, draft, secrets.token_bytes)
        token = roles.invite(
            connection, "admin", Scope("unit", ADMIN_OF), since, secrets.token_bytes
        )
        roles.join(connection, token, ADDRESS, since)


def _talk(engine: Engine, lines: Iterable[str], clock: Callable[[], int], web: bool) -> Unit:
    """The chat; the unit that was rated last."""
    vault, later = Vault(secrets.token_hex(32)), keep_for_later(engine, clock)
    turns = Turns(engine, vault, secrets.token_bytes, LINKS, source=source)
    turns.start()
    try:
        with in_browser(turns, later, clock) if web else nullcontext() as address:
            if address:
                typer.echo(BROWSER.format(address=address))
            _converse(Terminal(turns, later, clock, _write), lines)
    finally:
        turns.stop()
    with engine.connect() as connection:
        unit = units.by_code(connection, conversations.last_unit(connection) or UNIT)
    assert unit is not None
    return unit


def _converse(chat: Terminal, lines: Iterable[str]) -> None:
    """Until the lines end, or an empty one comes after a conversation."""
    _type(chat, START)
    for line in lines:
        if line.strip():
            _type(chat, line)
        elif chat.ended:
            return


def _type(chat: Terminal, line: str) -> None:
    asyncio.run(chat.type(line))
    if chat.ended:
        typer.echo(AGAIN)


def _write(box: list[str]) -> None:
    # typer.echo leaves the bold out where it is no terminal.
    lines = [BUTTON.sub(lambda b: typer.style(b[0], bold=True), line) for line in box]
    typer.echo("\n".join(lines))


def _show(engine: Engine, unit: Unit, week: Period, folder: Path) -> None:
    folded(engine)
    period, by = period_of(unit.period, week.last), unit.instrument_on(week.last)
    with engine.connect() as connection:
        figures = figures_of(connection, unit, period.first, period.last, by.id)
        digest = digest_of(connection, unit, week)
    typer.echo("\n" + INDEX.format(code=unit.code, period=period.name) + "\n")
    show(f"{unit.name} · {period.name}", figures, by)
    typer.echo("\n" + DIGEST.format(code=unit.code) + "\n")
    typer.echo("\n".join(boxed(digest_text(digest, words("id")), {}, width())))
    _, picture = write(digest, folder)
    typer.echo("\n" + PICTURE.format(file=picture))


def _scripted() -> Iterator[str]:
    for line in SCRIPT:
        typer.echo(PROMPT + line)
        yield line


def _typed() -> Iterator[str]:
    """Until Ctrl-D or Ctrl-C, which lead on to the results."""
    with suppress(ImportError):  # arrow keys, where Python was built with it
        import readline  # noqa: F401
    while True:
        try:
            yield input(PROMPT)
        except (EOFError, KeyboardInterrupt):
            typer.echo(f"\n{LEFT}")
            return


def _named(day: date) -> str:
    return days(day, day, words("id")).partition("–")[2]
