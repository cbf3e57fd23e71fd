"""`skm site`: the public site into a folder, again only what changed, and never anybody else's."""

from pathlib import Path

import pytest

from tests.support.command_line import clean_desk, in_indonesian, refusal, skm, with_units


@pytest.fixture(autouse=True)
def _desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> None:
    clean_desk(monkeypatch, tmp_path)
    with_units(monkeypatch, sqlite_url)


def test_it_is_written_and_written_again(tmp_path: Path) -> None:
    first = skm("site", "--out", "hasil", "--url", "https://hasil.contoh.go.id/")
    assert first.exit_code == 0, first.output
    assert first.stdout.startswith("Site: 3 units, ")
    page = (tmp_path / "hasil/unit/SAMSAT-BC/index.html").read_text()
    assert "https://t.me/skm_uji_bot?start=SAMSAT-BC" in page
    assert 'href="https://hasil.contoh.go.id/unit/SAMSAT-BC/index.html"' not in page
    assert 'href="https://hasil.contoh.go.id/unit/SAMSAT-BC/"' in page
    again = skm("site", "--out", "hasil", "--url", "https://hasil.contoh.go.id")
    assert again.stdout == "Site: 3 units, 0 files are new or different, in hasil.\n"
    assert (
        "0 berkas"
        in in_indonesian("site", "--out", "hasil", "--url", "https://hasil.contoh.go.id").stdout
    )


def test_a_folder_that_is_not_its_own_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lain").mkdir()
    (tmp_path / "lain/berkas.txt").write_text("x")
    said = refusal("site", "--out", "lain")
    assert (
        said == "lain is not empty, and skm site did not make it. Name an empty folder: --out DIR"
    )


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "berkas").write_text("x")
    assert "cannot be written" in refusal("site", "--out", "berkas/hasil")
