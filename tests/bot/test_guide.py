"""docs/operating.md does what it says: its commands are there, the first hour leads to a bot that
answers, and a loss to the same bot again. Its Indonesian twin says the same commands."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.cli import app
from bot.commands.upkeep.settings_page import every
from tests.support.end_to_end import command, free_port
from tests.support.paths import ROOT
from tests.support.skm_process import environment, forked, forked_once
from tests.support.telegram_server import Telegram

GUIDE = (ROOT / "docs/operating.md").read_text()
TWIN = (ROOT / "docs/operasional.md").read_text()
README = (ROOT / "README.md").read_text()
PAGES = {"operating.md": GUIDE, "operasional.md": TWIN, "README.md": README}
BLOCK = re.compile(r"^ *```\w*\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


def commands(page: str) -> list[str]:
    """Lines of blocks, and what stands in a line of words, that begin with skm."""
    lines = [line.strip() for block in BLOCK.findall(page) for line in block.splitlines()]
    inline = re.findall(r"`(skm [a-z][^`]*)`", BLOCK.sub("", page))
    return [line for line in (*lines, *inline) if re.match(r"skm [a-z]", line)]


LINES = sorted({(name, line) for name, page in PAGES.items() for line in commands(page)})


@pytest.mark.parametrize(("page", "line"), LINES)
def test_each_command_is_there_with_its_options(page: str, line: str):
    here: Any = typer.main.get_command(app)
    words = shlex.split(line.replace("…", "x"), comments=True)[1:]
    while words and hasattr(here, "commands"):
        assert words[0] in here.commands, f"{page}: {line}"
        here = here.commands[words.pop(0)]
    known = {name for each in here.params for name in each.opts}
    assert {word for word in words if word.startswith("--")} <= known, f"{page}: {line}"


def test_both_languages_say_the_same_commands_and_settings():
    for wanted in (commands, BLOCK.findall, lambda page: re.findall(r"SKM_[A-Z_]+[A-Z]", page)):
        assert sorted(set(wanted(TWIN))) == sorted(set(wanted(GUIDE)))
    assert set(re.findall(r"SKM_[A-Z_]+[A-Z]", GUIDE)) <= {each.name for each in every()}
    assert TWIN.count("\n## ") == GUIDE.count("\n## ")


@pytest.mark.e2e
async def test_the_first_hour_and_a_loss(telegram: Telegram, tmp_path: Path):
    """The guide's own lines in their order, in a clean folder: no line of it is passed over but
    those that a test cannot do (root, systemd)."""
    port = str(free_port())
    env = environment("", telegram_api_url=telegram.url, http_port=port)
    for name in ("SKM_DATABASE_URL", "SKM_SECRET_KEY", "SKM_TELEGRAM_BOT"):
        env.pop(name)
    (tmp_path / "units.csv").write_text(re.findall(r"^```csv\n(.*?)^```", GUIDE, re.M | re.S)[0])
    (tmp_path / "backups").mkdir()
    said: dict[str, str] = {}

    async def do(line: str) -> None:
        line = line.replace("123456:ABC-DEF", telegram.token)
        line = line.replace("skm_kota_bot", telegram.username)
        words = shlex.split(line.replace("/var/backups/skm", "backups"))[1:]
        if words == ["doctor"]:  # nobody runs: the guide says that it says so
            once = forked_once(*words, env=env, folder=tmp_path)
            said["doctor"] = once.stdout
            return
        said[" ".join(words[:2])] = await command(env, tmp_path, *words, once=forked_once)

    hour, rest = GUIDE.split("\n## Polling or webhook")
    for line in block_lines(hour):
        if line != "skm run":
            await do(line)
    faults = [line for line in said["doctor"].splitlines() if line.startswith("FAULT")]
    assert all("webhook" not in line and "SKM_" not in line for line in faults), faults
    assert (tmp_path / "samsat-bc.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "samsat-bc.pdf").read_bytes().startswith(b"%PDF")

    with forked("run", env=env, folder=tmp_path) as process:
        await telegram.listening()
        rini, ratna = telegram.citizen(), telegram.citizen()
        await rini.send("/start SAMSAT-BC")
        assert "Samsat Batam Centre" in rini.text
        await ratna.send(f"/start {said['invite head'].rpartition('start=')[2].split()[0]}")
        assert "terdaftar sebagai kepala" in ratna.text
        await do(block_lines(rest.split("## Backup")[1])[0])
        assert process.stop() == 0, process.said

    lose(tmp_path)
    (backup,) = (tmp_path / "backups").iterdir()
    for line in block_lines(rest.split("## Getting it back")[1].split("## Upgrading")[0]):
        await do(re.sub(r"/var/backups/skm/\S+", f"backups/{backup.name}", line))
    assert "minutes of work are missing" in said["verify"]
    with forked("run", env=env, folder=tmp_path) as process:
        await rini.tap("Setuju, mulai")  # the survey that was open in the backup goes on
        assert "Pajak tahunan" in rini.buttons or "Pajak tahunan" in rini.text
        assert process.stop() == 0, process.said


def lose(folder: Path) -> None:
    """mkdir lost && mv skm.db* lost/ && cp lost/skm.db-minutes ."""
    (folder / "lost").mkdir()
    for file in folder.glob("skm.db*"):
        file.rename(folder / "lost" / file.name)
    (folder / "skm.db-minutes").write_bytes((folder / "lost/skm.db-minutes").read_bytes())


def block_lines(page: str) -> list[str]:
    """The commands of its blocks, in their order."""
    lines = [line.strip() for block in BLOCK.findall(page) for line in block.splitlines()]
    return [line for line in lines if line.startswith("skm ")]
