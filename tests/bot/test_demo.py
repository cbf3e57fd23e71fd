"""The demo: a whole dialogue in boxes, then an index and a digest that hold the answer given."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import httpx
import pytest

from bot.channels.terminal.channel import boxed
from bot.commands.demo import SCRIPT, play
from tests.support.web_pages import Page

SKM = Path(sys.executable).with_name("skm")
MONDAY = 1_795_485_600  # 2026-11-24 02:00 UTC: the demo's week is 2026-W47


@pytest.fixture(autouse=True)
def _a_folder_of_our_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def played(capsys: pytest.CaptureFixture[str], lines: Iterable[str]) -> str:
    play(lines, lambda: MONDAY)
    return capsys.readouterr().out


def n_of(said: str) -> int:
    found = re.search(r"IKM [\d,]+ · . \([\w ]+\) · (\d+) responden\n", said)
    assert found, said
    return int(found[1])


def test_a_citizen_in_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    said = played(capsys, SCRIPT)
    assert "Di sini hari ini Jumat, 20 Nov 2026." in said
    assert (
        "┌ Pertanyaan 4 dari 9\n"
        "│ Bagaimana pendapat Saudara tentang kewajaran biaya/tarif dalam pelayanan?\n"
        "│ [1 Sangat mahal]  [2 Cukup mahal]  [3 Murah]  [4 Gratis]  [5 Tidak berlaku]\n"
        "└ [6 ‹ Kembali]  [7 Salah unit]\n"
    ) in said
    assert re.search(r"│ ([A-Z2-7]{4}-){4}[A-Z2-7]{4}\n", said)
    assert max(len(line) for line in said.splitlines() if "/digest.jpg" not in line) <= 80


def test_the_answer_given_is_in_the_index_and_in_the_digest(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    without, with_one = played(capsys, ()), played(capsys, SCRIPT)
    assert n_of(with_one) == n_of(without) + 1
    before, after = (re.search(r"· (\d+) responden", said) for said in (without, with_one))
    assert before
    assert after
    assert int(after[1]) - int(before[1]) == 1
    assert "┌ Samsat Contoh Melati · 16–22 Nov 2026\n" in with_one
    assert "1. Waktu Penyelesaian 2," in with_one
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in left} == {"digest.txt", "digest.jpg"}  # the database is gone
    shown = re.search(r"Gambarnya: (\S+)", with_one)
    assert shown
    assert Path(shown[1]).read_bytes().startswith(b"\xff\xd8\xff")


def test_the_unit_that_was_rated_is_the_one_shown(capsys: pytest.CaptureFixture[str]) -> None:
    said = played(capsys, ("/start RSUD-CONTOH", "1"))
    assert "skm digest RSUD-CONTOH" in said


def test_commands_numbers_and_words(capsys: pytest.CaptureFixture[str]) -> None:
    said = played(capsys, ("/start RSUD-CONTOH", "english", "/bahasa", "1", "/batal", "", "never"))
    assert "[1 Agree, start]" in said
    assert said.count("Survei kepuasan · RSUD Contoh Anggrek") == 2
    assert "Survei dihentikan" in said
    assert said.index("Enter: lihat hasilnya") < said.index("\nIKM · ")


def test_an_empty_line_within_a_survey_is_no_answer(capsys: pytest.CaptureFixture[str]) -> None:
    said = played(capsys, ("/start RSUD-CONTOH", "", "1", " ", "/bantuan"))
    assert "Layanan apa yang baru Anda terima?" in said
    assert "/batal · berhenti" in said


def test_an_admin_adds_a_question(capsys: pytest.CaptureFixture[str]) -> None:
    said = played(
        capsys,
        (
            *("/pertanyaan", "Tambah", "Apakah parkir mudah?", "Skala 1–4"),
            *("1", "Selalu", "Boleh dilewati", "Terbitkan"),
            *("/start DUKCAPIL-CONTOH", "1", "1", *"333333333"),
        ),
    )
    assert "Terbit sebagai versi 2 untuk Disdukcapil Contoh Cempaka." in said
    assert "Ini pratinjau, karena Anda punya peran di unit ini." in said
    assert said.index("Terbit sebagai") < said.rindex("Apakah parkir mudah?")


def test_a_box() -> None:
    assert boxed("Satu baris", {}, 80) == ["└ Satu baris"]
    assert boxed("Judul\nIsi yang panjang", {1: "1 Ya", 2: "Tidak", 3: "Kembali"}, 20) == [
        "┌ Judul",
        "│ Isi yang panjang",
        "│ [1 Ya]  [2 Tidak]",
        "└ [3 Kembali]",
    ]


@pytest.mark.parametrize("args", [("demo", "--once"), ("demo",)])
def test_without_a_terminal_and_without_any_setting(args: tuple[str, ...], tmp_path: Path) -> None:
    env = {"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path), "SKM_HTTP_PORT": "not read here"}
    done = subprocess.run(
        [SKM, *args],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env=env,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"› {SCRIPT[0]}\n" in done.stdout
    assert "Gambarnya: " in done.stdout


QUICKEST = ("Setuju", "Kirim", "Lewati semua", "Lewati", "3 ", "")


def answered(address: str) -> None:
    """A whole survey in a browser, the quickest way."""
    with httpx.Client(base_url=address.removesuffix("/s"), follow_redirects=True) as web:
        page = Page(web.get("/s/RSUD-CONTOH"))
        while "Terima kasih" not in page.text:
            name, value, _ = next(
                each for words in QUICKEST for each in page.buttons if each[2].startswith(words)
            )
            page = Page(web.post("/s/_", data=page.form(**{name: value})))


def test_an_answer_in_the_browser_beside_it_counts_too(capsys: pytest.CaptureFixture[str]) -> None:
    """While the lines last it is open at the address that is said, and closed afterwards."""
    addresses: list[str] = []

    def lines() -> Iterator[str]:
        address = re.search(r"Di peramban, survei yang sama: (\S+)", capsys.readouterr().out)
        assert address
        addresses.append(address[1])
        answered(address[1])
        yield ""

    without = n_of(played(capsys, ("/start RSUD-CONTOH", "1")))
    play(lines(), lambda: MONDAY, web=True)
    said = capsys.readouterr().out
    assert "skm index --unit RSUD-CONTOH" in said
    assert n_of(said) == without + 1
    with pytest.raises(httpx.ConnectError):
        httpx.get(addresses[0])


def test_what_is_only_watched_loads_no_web() -> None:
    code = "import sys; from bot.commands.demo import SCRIPT, play; "
    code += f"play(SCRIPT, lambda: {MONDAY}); "
    code += "print([each for each in ('starlette', 'uvicorn') if each in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
