"""Units, links and roles from the command line."""

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.database.connect import open_engine
from storage.office import holders, roles
from storage.scope import EVERYTHING, Scope, agency
from tests.support.command_line import UNITS, clean_desk, refusal, skm, with_units


@pytest.fixture(autouse=True)
def _a_clean_desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clean_desk(monkeypatch, tmp_path)


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> str:
    return with_units(monkeypatch, sqlite_url)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.mark.usefixtures("url")
def test_importing_again_updates() -> None:
    Path("more.csv").write_text(UNITS.replace("5000", "6000") + "U-9,X,Y,Z,WITA,,\n")
    assert skm("import", "units", "more.csv").stdout == "1 unit added, 3 updated.\n"


@pytest.mark.usefixtures("url")
def test_a_bad_units_file_changes_nothing() -> None:
    Path("bad.csv").write_text(UNITS.replace("Samsat Sekupang", "Baru") + "U,X,Y,Z,MARS,,\n")
    faults = refusal("import", "units", "bad.csv").splitlines()
    assert [fault.partition(":")[0] for fault in faults] == [
        "Row 5, column code",
        "Row 5, column timezone",
    ]
    assert "Near it: SAMSAT-SK (Samsat Sekupang)" in refusal("link", "sekupang")


@pytest.mark.usefixtures("url")
def test_links() -> None:
    start = "https://t.me/skm_uji_bot?start="
    assert skm("link", "samsat-bc").stdout == f"{start}SAMSAT-BC\n"
    for said in ("pajak-tahunan", "Pajak Tahunan"):
        done = skm("link", "SAMSAT-BC", "--service", said)
        assert done.stdout == f"{start}SAMSAT-BC_pajak-tahunan\n"
    assert refusal("link", "SAMSAT-BC", "--service", "mutasi") == (
        "SAMSAT-BC has no service “mutasi”. It has: pajak-tahunan (Pajak tahunan), "
        "balik-nama (Balik nama)."
    )


@pytest.mark.usefixtures("url")
def test_a_link_of_a_bot_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SKM_TELEGRAM_BOT")
    done = skm("link", "RSUD-1")
    assert done.stdout == "https://t.me/BOT?start=RSUD-1\n"
    assert "SKM_TELEGRAM_BOT is not set" in done.stderr


@pytest.mark.usefixtures("url")
def test_a_code_to_hang_at_the_counter() -> None:
    done = skm("link", "RSUD-1", "--qr", "rsud.png")
    assert done.stdout == "https://t.me/skm_uji_bot?start=RSUD-1\n"
    rows = pixels(Path("rsud.png").read_bytes())
    squares = [row[::20] for row in rows[::20]]
    assert all(row == [bit for bit in row[::20] for _ in range(20)] for row in rows)
    white = [True] * len(squares)
    assert squares[:4] == squares[-4:] == [white] * 4  # ISO/IEC 18004: 4 of white around
    finder = [False] * 7 + [True]
    assert squares[4][:12] == white[:4] + finder
    assert (len(squares) - 8 - 17) % 4 == 0  # 17 + 4 × version
    assert refusal("link", "RSUD-1", "--qr", "rsud.svg") == (
        "--qr writes a PNG picture; name it rsud.png."
    )
    assert "cannot be written: No such file" in refusal("link", "RSUD-1", "--qr", "no/rsud.png")


@pytest.mark.parametrize(
    ("role", "scope", "kept"),
    [
        ("head", "samsat-bc", Scope("unit", "SAMSAT-BC")),
        ("officer", "RSUD-1", Scope("unit", "RSUD-1")),
        ("admin", "unit:rsud-1", Scope("unit", "RSUD-1")),
        ("admin", "bapenda kepri", agency("Bapenda Kepri")),
        ("admin", "agency:Bapenda Kepri", agency("Bapenda Kepri")),
        ("admin", "*", EVERYTHING),
        ("evaluator", "Dinkes Sorong", agency("Dinkes Sorong")),
        ("evaluator", "*", EVERYTHING),
    ],
)
def test_an_invitation_gives_its_role_once(
    engine: Engine, role: str, scope: str, kept: Scope
) -> None:
    said = skm("invite", role, scope)
    link = said.stdout.strip()
    assert said.stderr == (
        f"Send this to whoever is to be {role} of {kept.name}. "
        "Opened once, within 7 days, it gives them the role.\n"
    )
    start, _, token = link.partition("?start=i_")
    assert start == "https://t.me/skm_uji_bot"
    now = int(datetime.now(UTC).timestamp())
    with engine.begin() as connection:
        assert roles.join(connection, token, "tg:1", now) == roles.Held(role, kept)
        with pytest.raises(roles.InviteRefused):
            roles.join(connection, token, "tg:2", now)


def test_an_invitation_has_a_link_for_each_channel_that_knows_its_people(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SKM_CHANNELS", "web,telegram,whatsapp")
    monkeypatch.setenv("SKM_PUBLIC_URL", "https://skm.example")
    said = skm("invite", "head", "SAMSAT-BC")
    telegram, whatsapp = said.stdout.split()
    token = telegram.removeprefix("https://t.me/skm_uji_bot?start=")
    assert whatsapp == f"https://wa.me/NUMBER?text=Survei%3A%20{token}"
    first, then = said.stderr.splitlines()
    assert first == (
        "Send whoever is to be head of SAMSAT-BC the link of the chat they use. "
        "One of them works, once, within 7 days."
    )
    assert then.startswith("SKM_WHATSAPP_NUMBER is not set")
    with engine.connect() as connection:
        assert len(holders.invitations(connection, Scope("unit", "SAMSAT-BC"), 0)) == 1


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize(
    ("role", "scope", "said"),
    [
        ("head", "*", "There is no unit “*”."),
        ("head", "agency:RSUD-1", "There is no unit “RSUD-1”."),
        ("head", "Bapenda Kepri", "There is no unit “Bapenda Kepri”."),
        ("officer", "SAMSAT-BX", "There is no unit “SAMSAT-BX”. Near it: SAMSAT-BC (Samsat Batam "),
        ("evaluator", "RSUD-1", "There is no agency “RSUD-1”. “*” stands for all agencies."),
        ("admin", "bapenda", "There is no unit or agency “bapenda”. Near it: Bapenda Kepri. “*” "),
    ],
)
def test_a_scope_that_a_role_cannot_have(role: str, scope: str, said: str) -> None:
    assert refusal("invite", role, scope).startswith(said)


@pytest.mark.usefixtures("url")
def test_an_agency_that_is_called_like_a_unit() -> None:
    Path("twin.csv").write_text(UNITS + "DPMPTSP,Perizinan,dpmptsp,Batam,WIB,,\n")
    skm("import", "units", "twin.csv")
    assert refusal("invite", "admin", "Dpmptsp") == (
        "“Dpmptsp” may mean more than one. Write “unit:DPMPTSP” or “agency:dpmptsp”."
    )
    for role, scope in (
        ("head", "dpmptsp"),
        ("admin", "unit:DPMPTSP"),
        ("admin", "agency:dpmptsp"),
        ("evaluator", "dpmptsp"),
    ):
        assert skm("invite", role, scope).exit_code == 0


def test_no_units_yet(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> None:
    monkeypatch.setenv("SKM_DATABASE_URL", sqlite_url)
    assert refusal("link", "U-1") == (
        "There are no units yet. Import them first: skm import units FILE"
    )


def pixels(png: bytes) -> list[list[bool]]:
    """The rows of a picture of one grey bit a pixel, True for white; filters "none" and "up"."""
    assert png.startswith(b"\x89PNG")
    width, height = (int.from_bytes(png[at : at + 4]) for at in (16, 20))
    assert png[24:26] == b"\x01\x00"  # one bit, grey
    at = png.index(b"IDAT")
    lines = zlib.decompress(png[at + 4 : at + 4 + int.from_bytes(png[at - 4 : at])])
    size = (width + 7) // 8
    row, rows = bytes(size), []
    for y in range(height):
        kind, *line = lines[(size + 1) * y : (size + 1) * (y + 1)]
        assert kind in (0, 2)
        row = bytes(line) if kind == 0 else bytes(map(lambda a, b: (a + b) % 256, line, row))
        rows.append([bool(row[x // 8] >> (7 - x % 8) & 1) for x in range(width)])
    return rows
