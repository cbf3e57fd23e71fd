"""All that is needed is installed; what can be set is said once, in the classes of Settings."""

import re
import shutil
import stat
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.commands.upkeep.settings_page import env, every
from bot.core.setting import FILE
from bot.settings import Settings, load, variables
from tests.support.command_line import clean_desk, refusal, skm
from tests.support.paths import ROOT
from tests.support.shown_files import ON_PURPOSE, stood_in

NEEDED = {"always": "always", "in public": "with SKM_PUBLIC_URL", "": ""}
PAGE = f"""# Settings

Each is a variable of the environment, or a line of the file `.env` in the folder in which skm is
started; the environment goes before the file. `skm init` writes the file, `skm doctor` says what is
wrong in it. An empty variable is an unset one.

A value may stand in a file of its own: end the variable's name in `{FILE}` and name that file, as
in `SKM_SECRET_KEY{FILE}=/run/secrets/skm_secret_key` (Docker's secrets). Of systemd's credentials
(`LoadCredential=`, `LoadCredentialEncrypted=`) one called as its variable is found by itself.

This page is made from the program.

| variable | what for | must be | unset it is | needed |
|---|---|---|---|---|
"""


def page() -> str:
    """docs/settings.md."""
    rows = (
        f"| `{each.name}` | {each.what} | {each.must_be.replace('|', '/')} | "
        f"{f'`{each.default}`' if each.default else ''} | "
        f"{NEEDED.get(each.needed, each.needed)} |\n"
        for each in every()
    )
    return PAGE + "".join(rows)


MADE = {ROOT / "docs/settings.md": page, ROOT / "docs/deploy/.env.example": lambda: env({})}
TOKEN = "7:AAnotarealtokenbutlikeone"


@pytest.mark.parametrize("file", MADE, ids=lambda file: file.name)
def test_what_is_made_of_the_settings(file: Path):
    assert stood_in(file, MADE[file]()) == MADE[file](), ON_PURPOSE


def test_every_setting_says_what_it_is_for_and_what_it_must_be():
    assert [each.name for each in every() if not (each.what and each.must_be)] == []


def test_the_wheel_holds_every_file_of_the_packages(tmp_path: Path):
    """A package that is not listed, or a file that no pattern takes, is missed at its first use."""
    source, packages = tmp_path / "source", ("bot", "flows", "reports", "storage")
    for name in packages:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    build = "import setuptools.build_meta as b, sys; b.build_wheel(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", build, tmp_path], cwd=source, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    wanted = {
        str(path.relative_to(ROOT))
        for name in packages
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - set(ZipFile(wheel).namelist()) == set()


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.delenv("SKM_TELEGRAM_BOT")
    return tmp_path


def test_init_writes_what_a_bot_needs(desk):
    said = skm("init", "--token", TOKEN, "--bot", "@skm_uji_bot").stdout
    assert "skm db upgrade && skm import units units.csv && skm run" in said
    assert stat.S_IMODE((desk / ".env").stat().st_mode) == 0o600
    settings = load().for_talking()
    assert settings.platforms[0].own.telegram_token.get_secret_value() == TOKEN
    assert settings.links.bot == "@skm_uji_bot"
    assert len(settings.secret_key.get_secret_value()) == 43
    kept = (desk / ".env").read_text()
    assert "is there already" in refusal("init", "--token", TOKEN)
    assert (desk / ".env").read_text() == kept


def test_init_without_a_token_says_what_to_fill_in(desk):
    assert "Write SKM_TELEGRAM_TOKEN" in skm("init").stdout
    first = (desk / ".env").read_text().split("SKM_SECRET_KEY=")[1].split()[0]
    (desk / ".env").unlink()
    skm("init")
    assert (desk / ".env").read_text().split("SKM_SECRET_KEY=")[1].split()[0] != first


def test_init_with_what_is_no_token(desk):
    assert "is no token of @BotFather" in refusal("init", "--token", "skm_uji_bot")
    assert list(desk.iterdir()) == []


DEPLOY = sorted(path for path in (ROOT / "docs/deploy").rglob("*") if path.is_file())


@pytest.mark.parametrize("file", DEPLOY, ids=lambda file: file.name)
def test_an_example_names_settings_commands_and_files_that_there_are(file: Path):
    said = file.read_text()
    unknown = set(re.findall(r"\bSKM_[A-Z_]*[A-Z]", said)) - set(variables())
    assert unknown == set()
    for command in re.findall(r"/opt/skm/bin/skm (\w+)", said):
        assert f"\n  {command} " in skm("--help").stdout
    for sources in re.findall(r"^COPY (?!--)(.+) \S+$", said, re.MULTILINE):
        assert [each for each in sources.split() if not (ROOT / each).exists()] == []


def test_the_two_halves_run_beside_each_other():
    """Both listened for monitoring on 8081: on one machine the second was refused for ever."""
    port = Settings.model_fields["watch_port"].default
    units = [ROOT / f"docs/deploy/systemd/skm-{half}.service" for half in ("serve", "work")]
    said = [
        re.findall(r"^Environment=SKM_WATCH_PORT=(\d+)", each.read_text(), re.M) for each in units
    ]
    assert said == [[], [str(port + 1)]]


def test_the_changelog_tells_of_this_version():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    told = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert told[:2] == ["Unreleased", version]
