"""The log's folder of the site: `verify_skm.py` proves it, tiles are those of the tree, and the
page's own script finds a receipt and every tampering. The script runs in node, as in a browser."""

import base64
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.web.site import PublicSite
from reports.site import log_files
from reports.site.rendering import Writer, asset
from reports.site.texts import SAID
from reports.site.writing import Plan
from reports.transparency import appending
from reports.transparency.leaving import Outlets, checkpoints
from reports.transparency.signing import LogKey
from storage.answers import receipts
from storage.index import transparency_log as log
from tests.support.auditor import mth
from tests.support.chromium import FOUND, Chromium, chromium
from tests.support.offices import Chance
from tests.support.public_site import KEY, files, logged, nation, written
from tests.support.publishing import DAY, LATER

NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="node is not installed: no script is run")


@pytest.fixture
def out(sqlite_url: str, tmp_path: Path) -> Iterator[Path]:
    with nation(sqlite_url) as engine:
        logged(engine)
        written(engine, tmp_path / "site")
        yield tmp_path / "site"


def verified(folder: Path, by: LogKey = KEY) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(folder / "verify_skm.py"), str(folder)]
    key = ["--key", str(by.public), "--en"]
    return subprocess.run([*command, *key], capture_output=True, text=True)


def test_everybody_can_verify_the_folder(out):
    done = verified(out / "log")
    assert (done.returncode, done.stdout[:7]) == (0, "Proved:"), done.stdout + done.stderr


def test_a_log_of_another_name_takes_its_checkpoints_place(sqlite_url, tmp_path):
    """As after `skm keys log NAME`: what the former key signed is not this one's."""
    out, other = tmp_path / "site", LogKey.make("contoh.go.id/skm-2", Chance("other"))
    with nation(sqlite_url) as engine:
        logged(engine)
        written(engine, out)
        grow(engine, 3)
        checkpoints(engine, LATER + 3 * DAY, Outlets(other))
        written(engine, out, key=str(other.public))
        site = PublicSite(engine, Plan("", key=str(other.public)), lambda: LATER + 3 * DAY)
        there = {each.name for each in (out / "log/checkpoints").iterdir()}
        with engine.connect() as connection:
            kept = [f"{each.size:012}" for each in log.checkpoints(connection)]
        served = {name for name in kept if site.page(f"log/checkpoints/{name}")}
    assert there == served == {kept[-1]}
    assert verified(out / "log", other).returncode == 0


def test_the_log_grows_where_it_lies(sqlite_url, tmp_path):
    out = tmp_path / "site"
    with nation(sqlite_url) as engine:
        logged(engine, LATER + DAY)
        written(engine, out, LATER + DAY)
        grow(engine, 700)
        logged(engine, LATER + 3 * DAY)
        written(engine, out, LATER + 3 * DAY)
        written(engine, tmp_path / "anew", LATER + 3 * DAY)
    there, anew = files(out), files(tmp_path / "anew")
    assert {name for name in anew if there.get(name) != anew[name]} == set()
    left = {name for name in there if name not in anew}
    assert all(".p/" in name for name in left)  # tiles that were not full once
    assert verified(out / "log").returncode == 0


def grow(engine: Engine, number: int) -> None:
    with engine.begin() as connection:
        log.lock(connection)
        made = [log.Entry(Chance(n)(32)) for n in range(number)]
        appending.add(connection, made, date(2027, 1, 5))
        appending.checkpoint(connection, date(2027, 1, 5))


def test_tiles_are_named_and_filled_as_the_specification_says():
    """C2SP tlog-tiles, "Merkle tree": index 1234067 is x001/x234/067; a log of 70,000 entries has
    273 full tiles and one of 112 at level 0, one full and one of 17 at level 1, one of 1."""
    assert log_files.tile_path(0, 1234067, 256) == "tile/0/x001/x234/067"
    found = list(log_files.tiles(0, 70_000))
    widths = [(level, number, width) for level, number, width in found if width < 256]
    assert widths == [(0, 273, 112), (1, 1, 17), (2, 0, 1)]
    assert len(found) == 274 + 2 + 1


def test_a_tile_holds_the_hashes_of_the_tree(sqlite_url):
    with nation(sqlite_url) as engine:
        grow(engine, 600)
        with engine.connect() as connection:
            hashes = [bytes(row.hash) for row in log.entries(connection)]
            size = len(hashes)

            def one(path: str) -> bytes | None:
                return log_files.one(connection, path, size, set(), str(KEY.public))

            first, last = one("tile/0/000"), one(f"tile/0/002.p/{size - 512}")
            above = one("tile/1/000.p/2")
            none = (
                "tile/0/002",
                "tile/0/003",
                "tile/1/000",
                "tile/0/0",
                "tile/4/000",
                "tile/0/-01",
            )
            assert [one(each) for each in none] == [None] * 6
    assert first == b"".join(hashes[:256])
    assert last == b"".join(hashes[512:])
    assert above == mth(hashes[:256]) + mth(hashes[256:512])


SCRIPT = """
const fs = require("fs"), path = require("path");
const { check } = require(process.argv[1]);
if (process.argv[5]) crypto.subtle.importKey = async () => { throw new Error(process.argv[5]); };
const get = async (name) => {
  const file = path.join(process.argv[2], name);
  return fs.existsSync(file) ? new Uint8Array(fs.readFileSync(file)) : null;
};
check(process.argv[3], process.argv[4], get).then((said) => console.log(JSON.stringify(said)));
"""


def run(out: Path, code: str, sheet: str, lacks: str = "") -> list[Any]:
    """`lacks`: how a browser says that it knows no Ed25519."""
    assert NODE
    given = [str(out / "check.js"), str(out / "log"), code, sheet, lacks]
    done = subprocess.run([NODE, "-e", SCRIPT, *given], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found


def code_of(out: Path, sheet: str, at: int = 3) -> str:
    leaves = (out / f"log/sheets/{sheet}.leaves").read_text().split()
    return receipts.code(bytes.fromhex(leaves[at]))


@needs_node
def test_the_browser_proves_a_receipt(out):
    said = run(out, code_of(out, "SMST-0002").lower().replace("-", " "), " SMST-0002 ")
    assert [(key, right) for key, _, right in said] == [
        ("listed", True), ("root", True), ("log", True), ("signed", True),
    ]  # fmt: skip
    assert said[0][1] == {"n": 29}
    assert said[2][1]["origin"] == "contoh.go.id/skm"
    assert said[3][1] == {"key": str(KEY.public)}


@needs_node
@pytest.mark.parametrize("size", [3, 255, 256, 300, 70_000])
def test_in_a_log_of_any_size(sqlite_url, tmp_path, size):
    """The sheets' entries lie anywhere, below tiles that are full, twice full or not."""
    with nation(sqlite_url) as engine:
        grow(engine, size)
        logged(engine)
        written(engine, tmp_path / "site")
    said = run(tmp_path / "site", code_of(tmp_path / "site", "SMST-0001"), "SMST-0001")
    assert [key for key, _, _ in said] == ["listed", "root", "log", "signed"]


@needs_node
def test_what_is_no_code_no_sheet_or_not_in_it_is_said(out):
    code = code_of(out, "SMST-0002")
    assert run(out, "abc", "SMST-0002")[0][0] == "code"
    assert run(out, code, "../../etc/passwd")[0][0] == "sheet"
    assert run(out, code, "SMST-0009")[0][0] == "missing"
    assert [key for key, _, _ in run(out, code, "SMST-0001")] == ["unlisted", "root"]


@needs_node
def test_every_tampering_is_found(out):
    code, name = code_of(out, "SMST-0002"), out / "log/sheets/SMST-0002"
    leaves, sheet = name.with_suffix(".leaves"), name.with_suffix(".json")

    def keys() -> list[str]:
        return [key for key, _, _ in run(out, code, "SMST-0002")]

    whole, content = leaves.read_text(), sheet.read_text()
    leaves.write_text(whole + "00" * 32 + "\n")
    assert keys() == ["listed", "root.wrong"]
    leaves.write_text(whole)
    sheet.write_text(content.replace('"n":29', '"n":92', 1))
    assert keys() == ["listed", "root", "log.wrong"]
    sheet.write_text(content)
    tile = next(each for each in (out / "log/tile/0").rglob("*") if each.is_file())
    bytes_of = tile.read_bytes()
    tile.write_bytes(bytes_of[:32][::-1] + bytes_of[32:])
    assert keys() == ["listed", "root", "log.wrong"]
    tile.write_bytes(bytes_of)
    assert keys() == ["listed", "root", "log", "signed"]
    # Taken out or spoiled proves nothing, so it is never "right".
    sheet.write_text(content.partition("{")[2])
    assert keys() == ["listed", "root.wrong"]
    named = re.compile(r'"log":\{"root":"\w+","size":(\d+)\}')
    assert named.search(content)
    for log_named, key in (
        ('"log":null', "log.unnamed"),
        ('"log":{"root":"00","size":-1}', "log.wrong"),
        ('"log":{"root":"00","size":999999}', "log.wrong"),
        ('"log":{"root":"00","size":"1"}', "log.wrong"),
    ):
        sheet.write_text(named.sub(log_named, content))
        assert run(out, code, "SMST-0002")[-1] == [key, {}, False]
    sheet.write_text(content)
    tile.unlink()
    assert run(out, code, "SMST-0002")[-1] == ["log.wrong", {}, False]
    tile.write_bytes(bytes_of)
    head = out / "log/checkpoint"
    note = head.read_text()
    for damaged in ("", "x\n", note.replace("\n", "\nx", 1), note.split("\n", 1)[0] + "\n0\n\n"):
        head.write_text(damaged)
        assert run(out, code, "SMST-0002")[-1] == ["log.wrong", {}, False], damaged
    head.write_text(_of_the_first(note))
    assert run(out, code, "SMST-0002")[-1] == ["log.wrong", {}, False]  # which the sheet is not in
    head.unlink()
    assert run(out, code, "SMST-0002")[-1] == ["log.none", {}, None]


@needs_node
def test_what_the_log_s_key_did_not_sign_is_never_right(out):
    """Each of these a folder that is whole but for who signed its checkpoint."""
    code, file, key = code_of(out, "SMST-0002"), out / "log/checkpoint", out / "log/key.txt"
    whole = file.read_text()
    text, _, lines = whole.partition("\n\n")
    _, size, root = text.split("\n")[:3]
    bytes_of = base64.b64decode(root)

    def last() -> list[Any]:
        return list(run(out, code, "SMST-0002")[-1])

    stranger = LogKey.make("contoh.go.id/skm", Chance("stranger"))  # of the same name
    other = LogKey.make("lain.go.id/skm", Chance("log"))  # the same key, of another log
    own, spoiled = base64.b64decode(lines.split(" ")[2]), {}
    for at in (4, 40, 67):  # in R and in S
        spoiled[at] = bytes([*own[:at], own[at] ^ 1, *own[at + 1 :]])
    named = "— contoh.go.id/skm "
    notes = [
        stranger.note(int(size), bytes_of),
        other.note(int(size), bytes_of),
        *(f"{text}\n\n{named}{base64.b64encode(each).decode()}\n" for each in spoiled.values()),
        f"{text}\n\n{named}{base64.b64encode(own[:30]).decode()}\n",
        f"{text}\n\n",
        f"{text}\nmore\n\n{lines}",  # a line that was not signed
        whole + f"{named}{base64.b64encode(spoiled[40]).decode()}\n",
    ]
    for note in notes:
        file.write_text(note)
        assert last() == ["signed.wrong", {}, False], note
    file.write_text(whole + "— witness.example AAAAAAAA\n")  # others' signatures are not asked
    assert last()[0] == "signed"
    file.write_text(whole)
    for said in (stranger.public, other.public, str(KEY.public)[:-2], "", f"x{KEY.public}"):
        key.write_text(f"{said}\n")
        assert last() == ["signed.wrong", {}, False], said
    key.unlink()
    assert last() == ["signed.wrong", {}, False]


@needs_node
def test_a_browser_that_checks_no_signatures_says_so(out):
    code = code_of(out, "SMST-0002")
    said = run(out, code, "SMST-0002", "NotSupportedError")
    assert said[2:] == [["log.unsigned", {}, None]]
    for language in ("id", "en"):
        assert "verify_skm.py" in Writer(language).say("check.said.log.unsigned")
    (out / "log/checkpoint").write_text("x\n")
    assert run(out, code, "SMST-0002", "NotSupportedError")[-1] == ["log.wrong", {}, False]


def _of_the_first(note: str) -> str:
    origin, _, rest = note.split("\n", 2)
    return f"{origin}\n1\n{rest}"


class Host(SimpleHTTPRequestHandler):
    """Any web host of files; `away`: what it answers 503."""

    away = ""

    def do_GET(self) -> None:
        if self.away and self.away in self.path:
            self.send_error(503)
        else:
            super().do_GET()

    def end_headers(self) -> None:
        """A browser keeps nothing: its "changed since" is in whole seconds, a test is quicker."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def hosted(out: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=str(out))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


FILLED = """new Promise((done) => {
  const form = document.getElementById("check"), result = document.getElementById("result");
  const lines = () => Array.from(result.children, (each) => [each.className, each.textContent]);
  form.elements.code.value = CODE;
  new MutationObserver(() => result.children.length && done(lines())).observe(
    result, { childList: true });
  form.requestSubmit();
})"""


# As browsers before Chrome 137, Firefox 129 and Safari 17 have it.
LACKS = """crypto.subtle.importKey =
  () => Promise.reject(new DOMException("", "NotSupportedError"));0"""


@pytest.mark.skipif(FOUND is None, reason="Chromium is not installed")
def test_the_page_says_in_a_browser_what_it_could_prove(out, tmp_path, monkeypatch):
    filled = FILLED.replace("CODE", json.dumps(code_of(out, "SMST-0002")))

    key, writer = out / "log/key.txt", Writer("en")

    def said(tab: Chromium, before: str = "0") -> list[tuple[str, str]]:
        tab.open("about:blank")
        tab.open(f"{host}/en/periksa/#SMST-0002")
        tab.do(before)
        return [(kind, text) for kind, text in tab.do(filled)]

    with hosted(out) as host, chromium(tmp_path / "profile") as tab:
        assert [kind for kind, _ in said(tab)] == ["right"] * 4
        whole, other = key.read_bytes(), LogKey.make("contoh.go.id/skm", Chance("other"))
        key.write_text(str(other.public))
        assert said(tab)[-1] == ("wrong", writer.say("check.said.signed.wrong"))
        key.write_bytes(whole)
        assert said(tab, LACKS)[-1] == ("note", writer.say("check.said.log.unsigned"))
        monkeypatch.setattr(Host, "away", "/tile/")
        assert [kind for kind, _ in said(tab)] == ["wrong"]  # the check failed, not the sheet
        monkeypatch.setattr(Host, "away", "")
        (out / "log/checkpoint").unlink()
        last = said(tab)[-1]
    assert last == ("note", writer.say("check.said.log.none"))


def test_the_script_says_only_what_the_page_has_words_for():
    script = asset("check.js").decode()
    said = set(re.findall(r'\["([a-z.]+)", \{', script)) | set(re.findall(r'tell\("(\w+)"', script))
    said |= {"root", "root.wrong"}
    assert said == set(SAID)
