"""`verify_skm.py` alone, as everybody runs it: Python's own library, none of ours, in a process."""

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from reports.jobs.due import JOBS
from reports.transparency.leaving import Outlets, checkpoints
from reports.transparency.signing import LogKey
from reports.transparency.verify_skm import (
    WITNESS,
    Checkpoint,
    Key,
    Malformed,
    cosigned,
    is_signed,
    root_of,
)
from storage.answers import receipts
from storage.database.connect import open_engine
from tests.support.auditor import mth
from tests.support.command_line import clean_desk, refusal, skm, with_units
from tests.support.offices import NOON, Chance, draft, respond
from tests.support.publishing import DAY, LATER, closed, erase_some

KEY = LogKey.make("contoh.go.id/skm", Chance("log"))
CODE = "SAMSAT-BC"
# RFC 8032, 7.1: secret key, public key, message, signature of tests 1, 2, 3 and SHA(abc).
RFC_8032 = [
    ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"),
    ("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"),
    ("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
     "c6594a7c15e9716ed28dc027beceea1ec40a"),
]  # fmt: skip
# C2SP signed-note: the example of its specification.
SPEC_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_SIGNATURE = ("Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1"
                  "Yu72IneyaQM=")  # fmt: skip


@pytest.mark.parametrize(("secret", "public", "message", "signature"), RFC_8032)
def test_signatures_of_the_rfc(secret, public, message, signature):
    said = [bytes.fromhex(each) for each in (public, message, signature)]
    assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).sign(said[1]) == said[2]
    assert is_signed(*said)
    assert not is_signed(said[0], said[1] + b"x", said[2])


@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=80), data=st.data())
def test_what_cryptography_signs_is_signed_and_nothing_else(seed, message, data):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert is_signed(public, message, signature)
    at = data.draw(st.integers(0, 511))
    broken = (int.from_bytes(signature) ^ 1 << at).to_bytes(64)
    assert not is_signed(public, message, broken)


def test_a_signature_that_is_right_but_for_the_group_order_is_none():
    """RFC 8032, 5.1.7: s is below the order, or one signature would have many forms."""
    public, message, signature = (bytes.fromhex(each) for each in RFC_8032[1][1:])
    s = int.from_bytes(signature[32:], "little") + 2**252 + 27742317777372353535851937790883648493
    assert not is_signed(public, message, signature[:32] + s.to_bytes(32, "little"))


def test_the_key_and_note_of_the_specification():
    key, said = Key.read(SPEC_KEY), b"This is an example message.\n"
    assert str(key) == SPEC_KEY
    name, id, signed = "example.com/foo", bytes.fromhex("530d903a"), SPEC_SIGNATURE
    note = Checkpoint(
        "example.com/foo", 0, b"", said.decode(), ((name, id, b64decode(signed)[4:]),)
    )
    assert note.is_by(key)


@pytest.mark.parametrize("bad", [
    "", "a+b", SPEC_KEY[:-4], SPEC_KEY.replace("530d903a", "530d903b"), "x+00+AA==",
])  # fmt: skip
def test_what_is_no_key_is_refused(bad):
    with pytest.raises(Malformed):
        Key.read(bad)


@pytest.mark.parametrize("change", [
    lambda note: "", lambda note: note.replace("\n3\n", "\n03\n"),
    lambda note: note.replace("\n3\n", "\n-3\n"), lambda note: note.replace("—", "-"),
    lambda note: note.replace("\n\n", "\n"), lambda note: note.replace("=\n\n", "\n\n"),
])  # fmt: skip
def test_what_is_no_checkpoint_is_refused(change):
    note = KEY.note(3, bytes(32))
    assert Checkpoint.read(note).is_by(KEY.public)
    with pytest.raises(Malformed):
        Checkpoint.read(change(note))


def test_a_log_s_key_is_read_as_it_was_written_and_damage_is_told():
    assert LogKey.read(KEY.said()) == KEY
    for bad in ("", KEY.said()[:-8], KEY.said().replace("PRIVATE", "PUBLIC"), str(KEY.public)):
        with pytest.raises(Malformed):
            LogKey.read(bad)
    assert KEY.said() not in repr(KEY)
    with pytest.raises(Malformed):
        LogKey.read(LogKey.make("two words", Chance()).said())


@given(leaves=st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_its_trees_are_those_of_the_rfc(leaves):
    assert root_of(leaves) == mth(leaves)


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> Iterator[Path]:
    """Two sheets, one answer erased since; made with what `skm log` writes."""
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setenv("SKM_LOG_KEY", KEY.said())
    engine = open_engine(with_units(monkeypatch, sqlite_url))
    for at, period in ((NOON - 90 * DAY, "2026-Q3"), (NOON, "2026-Q4")):
        with engine.begin() as connection:
            for n in range(9):
                respond(connection, CODE, Chance(f"{period} {n}"), draft(at + 600 * n))
        JOBS["log"](engine, at + DAY)
        checkpoints(engine, at + DAY, Outlets(KEY))
        with engine.begin() as connection:
            closed(connection, CODE, period, LATER)
    erase_some(engine, 1, "local_date > '2026-10-01'")
    JOBS["log"](engine, LATER + DAY)
    checkpoints(engine, LATER + DAY, Outlets(KEY))
    done = skm("log", "--out", "public")
    assert done.exit_code == 0, done.output
    yield tmp_path / "public"
    engine.dispose()


def verified(folder: Path, *more: str) -> tuple[int, str]:
    """Isolated (-I) and without site-packages (-S): nothing but Python's own library is there."""
    command = [sys.executable, "-I", "-S", "verify_skm.py", ".", "--en", *more]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def test_a_published_folder_is_proved(folder):
    code, said = verified(folder, "--key", str(KEY.public))
    # 9 + 9 leaves, two sheets, one answer that is gone, perhaps that units were imported.
    number = len(_lines(folder))
    assert number in (21, 22)
    assert said.splitlines() == [
        f"Sheet {CODE}-0002: erased since then 1.",
        f"Proved: {number} entries, 5 checkpoints, 2 sheets.",
    ]
    assert code == 0
    code, said = verified(folder)
    assert (code, f"announced: {KEY.public}" in said) == (0, True)


def test_in_indonesian_unless_asked_otherwise(folder):
    command = [sys.executable, "-I", "-S", "verify_skm.py", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert "Terbukti: " in done.stdout


def test_a_receipt_is_found_in_log_and_sheet(folder):
    leaf = bytes.fromhex((folder / "sheets" / f"{CODE}-0001.leaves").read_text().split()[0])
    code, said = verified(folder, "--receipt", receipts.code(leaf).lower())
    assert code == 0
    assert f"Receipt {receipts.code(leaf).lower()} is in the log, entry " in said
    assert f"… and in sheet {CODE}-0001." in said
    assert verified(folder, "--receipt", receipts.EXAMPLE)[0] == 1
    assert verified(folder, "--receipt", "x")[0] == 1


def test_three_files_are_enough_for_a_receipt(folder, tmp_path):
    """As the site's page says how to check by hand; without its sheets nothing else is proved."""
    leaf = bytes.fromhex((folder / "sheets" / f"{CODE}-0001.leaves").read_text().split()[0])
    few = tmp_path / "few"
    few.mkdir()
    for name in ("entries.txt", "checkpoint", "key.txt", "verify_skm.py"):
        (few / name).write_bytes((folder / name).read_bytes())
    code, said = verified(few, "--receipt", receipts.code(leaf))
    assert (code, said.splitlines()[0]) == (
        0,
        "Sheets were not checked: there is no folder sheets.",
    )
    code, said = verified(few)
    assert (code, said.count("A sheet that is in the log is missing")) == (1, 2)
    changed_entry(few)
    assert verified(few, "--receipt", receipts.code(leaf))[0] == 1


def test_the_folder_of_the_whole_site_is_proved_too(folder, tmp_path):
    (tmp_path / "site").mkdir()
    folder.rename(tmp_path / "site" / "log")
    (tmp_path / "site" / "verify_skm.py").write_bytes(
        (tmp_path / "site" / "log" / "verify_skm.py").read_bytes()
    )
    assert verified(tmp_path / "site")[0] == 0


def _lines(folder: Path) -> list[str]:
    return (folder / "entries.txt").read_text().splitlines()


def _entries(folder: Path, lines: list[str]) -> None:
    (folder / "entries.txt").write_text("".join(f"{line}\n" for line in lines))


def changed_entry(folder: Path) -> None:
    first, *rest = _lines(folder)
    _entries(folder, [first[:-1] + ("0" if first[-1] != "0" else "1"), *rest])


def cut_off(folder: Path) -> None:
    _entries(folder, _lines(folder)[:-3])


def swapped(folder: Path) -> None:
    first, second, *rest = _lines(folder)
    _entries(folder, [second, first, *rest])


def added(folder: Path) -> None:
    _entries(folder, [*_lines(folder), "00" * 32])


def lost_sheet(folder: Path) -> None:
    for end in ("json", "leaves"):
        (folder / "sheets" / f"{CODE}-0002.{end}").unlink()


def rewritten_sheet(folder: Path) -> None:
    file = folder / "sheets" / f"{CODE}-0001.json"
    content = json.loads(file.read_text())
    content["index"]["ikm"] = "99.00"
    file.write_text(json.dumps(content))


def fewer_leaves(folder: Path) -> None:
    file = folder / "sheets" / f"{CODE}-0001.leaves"
    file.write_text("".join(f"{line}\n" for line in file.read_text().split()[1:]))


def another_key(folder: Path) -> None:
    other = LogKey.make("contoh.go.id/skm", Chance("other"))
    for file in (folder / "checkpoints").iterdir():
        kept = Checkpoint.read(file.read_text())
        file.write_text(other.note(kept.size, kept.root))


def said_otherwise(folder: Path) -> None:
    _entries(folder, [line.replace('"gone"', '"went"') for line in _lines(folder)])


@pytest.mark.parametrize(("tamper", "says"), [
    (changed_entry, "The log was rewritten"),
    (cut_off, "The log was cut off"),
    (swapped, "The log was rewritten"),
    (added, "The last 1 entries have no checkpoint."),
    (lost_sheet, "A sheet that is in the log is missing"),
    (rewritten_sheet, f"Sheet {CODE}-0001 is not in the log."),
    (fewer_leaves, f"The leaves of {CODE}-0001 make another root."),
    (another_key, "is not signed by contoh.go.id/skm."),
    (said_otherwise, "is not the hash of what it says."),
])  # fmt: skip
def test_what_was_tampered_with_is_told(folder, tamper, says):
    tamper(folder)
    code, said = verified(folder, "--key", str(KEY.public))
    assert code == 1
    assert says in said
    assert "Proved" not in said


def test_a_checkpoint_from_elsewhere_tells_a_folder_that_was_made_anew(folder, tmp_path):
    """Rewritten, and signed by the very key: what left before is another log's beginning."""
    newest = sorted((folder / "checkpoints").iterdir())[0]
    outside = tmp_path / "kept"
    outside.write_text(newest.read_text())
    lines = _lines(folder)
    lines[0], lines[1] = lines[1], lines[0]
    _entries(folder, lines)
    hashes = [bytes.fromhex(line[:64]) for line in lines]
    for file in (folder / "checkpoints").iterdir():
        size = Checkpoint.read(file.read_text()).size
        file.write_text(KEY.note(size, mth(hashes[:size])))
    code, said = verified(folder, "--key", str(KEY.public), "--checkpoint", str(outside))
    assert (code, "The log was rewritten" in said) == (1, True)


def test_what_is_no_folder_is_said_so(tmp_path, folder):
    code, said = verified(folder, "--checkpoint", "nowhere")
    assert (code, "cannot be read" in said) == (2, True)


def test_verify_takes_a_checkpoint_from_outside(folder, tmp_path):
    kept = sorted((folder / "checkpoints").iterdir())[0]
    assert skm("verify", "--checkpoint", str(kept)).exit_code == 0
    forged = tmp_path / "forged"
    forged.write_text(KEY.note(Checkpoint.read(kept.read_text()).size, bytes(32)))
    done = skm("verify", "--checkpoint", str(forged))
    assert done.exit_code == 1
    assert "entries of the log are not those that were sent" in done.stdout
    assert "is no checkpoint" in refusal("verify", "--checkpoint", __file__)


def test_nothing_is_handed_out_before_a_checkpoint_is_signed(monkeypatch, tmp_path, sqlite_url):
    clean_desk(monkeypatch, tmp_path)
    with_units(monkeypatch, sqlite_url)
    assert "There is no signed checkpoint yet" in refusal("log", "--out", "public")
    made = skm("keys", "log", "contoh.go.id/skm")
    line = next(each for each in made.output.splitlines() if each.startswith("SKM_LOG_KEY="))
    assert LogKey.read(line.removeprefix("SKM_LOG_KEY=")).public.name == "contoh.go.id/skm"
    assert "no name of a log" in refusal("keys", "log", "a b")


def test_a_witness_signs_over_the_time_too():
    seed = Chance("w")(32)
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key = Key.of("saksi.example/w1", WITNESS, private.public_key().public_bytes_raw())
    note = Checkpoint.read(KEY.note(3, bytes(32)))
    said = (1_700_000_000).to_bytes(8) + private.sign(cosigned(note.text, 1_700_000_000))
    line = f"— {key.name} {b64encode(key.id + said).decode()}\n"
    assert Checkpoint.read(KEY.note(3, bytes(32)) + line).is_by(key)
    later = (1_700_000_001).to_bytes(8) + said[8:]
    line = f"— {key.name} {b64encode(key.id + later).decode()}\n"
    assert not Checkpoint.read(KEY.note(3, bytes(32)) + line).is_by(key)
