"""skm doctor: what is wrong is named with its cure, what is right is said too, no secret is."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from secrets import token_bytes
from threading import Thread
from typing import Any

import pytest

from storage import units
from storage.answers import votes
from storage.database import rollback_check
from storage.database.connect import open_engine
from storage.database.in_use import Place
from storage.database.release import head
from storage.office.roles import invite, join
from storage.periods import parse
from storage.scope import EVERYTHING
from storage.vault import Vault
from tests.support.command_line import clean_desk, skm, with_units
from tests.support.paths import ROOT
from tests.support.telegram_server import Telegram

SECRET, TOKEN = "rahasia-untuk-uji-saja-0123456789", "7:AAtokenuntukuji"
Answers = dict[str, tuple[int, Any]]


@pytest.fixture(autouse=True)
def _a_clean_desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clean_desk(monkeypatch, tmp_path)


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> str:
    monkeypatch.setenv("SKM_SECRET_KEY", SECRET)
    return with_units(monkeypatch, sqlite_url)


@pytest.fixture
def bot_api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Answers], None]]:
    """A Bot API that answers each method as told: (HTTP status, result)."""
    told: Answers = {"getMyCommands": (200, []), "getWebhookInfo": (200, {"url": ""})}
    clock = [0.0]  # of the platform, against ours; told as "clock": (0, seconds)

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200)
            self.end_headers()

        def date_time_string(self, timestamp: Any = None) -> str:
            return super().date_time_string(time.time() + clock[0])

        def do_POST(self) -> None:
            status, result = told[self.path.rpartition("/")[2]]
            body = json.dumps({"ok": status == 200, "result": result}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever).start()
        monkeypatch.setenv("SKM_TELEGRAM_TOKEN", TOKEN)
        monkeypatch.setenv("SKM_TELEGRAM_API_URL", f"http://127.0.0.1:{server.server_port}")

        def tell(answers: Answers) -> None:
            told.update(answers)
            clock[0] = told.get("clock", (0, 0.0))[1]

        yield tell
        server.shutdown()


def faults() -> list[str]:
    """The faults found; the exit code is 1 exactly if there are any."""
    done = skm("doctor")
    assert SECRET not in done.output
    assert TOKEN not in done.output
    found = [line[7:] for line in done.stdout.splitlines() if line.startswith("FAULT")]
    assert done.exit_code == (1 if found else 0)
    return found


def test_a_first_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SKM_TELEGRAM_BOT", raising=False)
    found = faults()
    assert [line.split(";")[0] for line in found] == [
        "SKM_SECRET_KEY is not set",
        "SKM_TELEGRAM_TOKEN is not set",
        "SKM_TELEGRAM_BOT is not set",
        f"There is no database sqlite:///skm.db ({Path.cwd()}/skm.db). Was it moved? Set "
        "SKM_DATABASE_URL. Is it a new one? Run: skm db upgrade",
    ]
    assert found[3].endswith("Run: skm db upgrade")


def test_all_is_well(monkeypatch: pytest.MonkeyPatch, url: str, telegram: Telegram) -> None:
    monkeypatch.setenv("SKM_TELEGRAM_TOKEN", telegram.token)
    monkeypatch.setenv("SKM_TELEGRAM_API_URL", telegram.url)
    monkeypatch.setenv("SKM_TELEGRAM_BOT", telegram.username)
    done = skm("doctor")
    assert done.exit_code == 0
    lines = [re.sub(r"Disk: \d+ MB", "Disk: 9 MB", line) for line in done.stdout.splitlines()]
    assert lines == [
        "ok     Settings: all that the bot needs is set.",
        f"ok     Program: skm {version('skm')}, migrations up to {head()}.",
        "ok     Disk: 9 MB are free.",
        f"ok     Database: {url} is reached, written and up to date.",
        "ok     Tables: all are as this release needs them.",
        "ok     Units: 3.",
        "ok     Nobody is head or admin of anything, so no digest reaches anybody. "
        "Invite: skm invite head UNIT, skm invite admin AGENCY",
        "ok     Running: not yet. Start it: skm run",
        "ok     SKM_SECRET_KEY: no survey has used it yet.",
        "ok     Log: no key signs its checkpoints, so nothing proves from outside that it stays. "
        "Make one: skm keys log NAME",
        f"ok     Telegram library: aiogram {version('aiogram')} (SKM_TELEGRAM_LIBRARY).",
        "ok     Telegram: the token is accepted as @skm_uji_bot.",
        "ok     Updates: by long polling.",
        "ok     Clock: as Telegram's.",
        "ok     Menu button: no commands are set yet; skm run sets them.",
    ]


def test_the_other_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKM_TELEGRAM_LIBRARY", "ptb")
    assert f": python-telegram-bot {version('python-telegram-bot')} (" in skm("doctor").stdout


def test_settings_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKM_HTTP_PORT", "http")
    (fault,) = faults()
    assert fault.startswith("SKM_HTTP_PORT is “http”")


def test_a_misspelt_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKM_TELEGRAM_TOKN", TOKEN)
    monkeypatch.setenv("SKM_SERVICE_HOST", "10.0.0.1")  # others name variables as they like
    Path(".env").write_text("SKM_PUBLIK_URL=https://x.id\nSKM_DB_URL=postgresql://x\n")
    assert faults()[:3] == [
        ".env, line 2: SKM_DB_URL is no setting. Take it out; docs/settings.md names all.",
        "SKM_PUBLIK_URL is no setting; perhaps SKM_PUBLIC_URL is meant.",
        "SKM_TELEGRAM_TOKN is no setting; perhaps SKM_TELEGRAM_TOKEN is meant.",
    ]


def test_a_setting_that_stands_twice() -> None:
    """Whoever corrects the first line sees nothing change."""
    Path(".env").write_text("SKM_LOG=json\n# SKM_LOG=json\nSKM_LEAST=5\nSKM_LOG=plain\n")
    says = "SKM_LOG stands twice in .env, in lines 1 and 4; the last counts."
    assert faults()[0].startswith(says)


def test_a_state_folder_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Doctor found all well, and skm run refused to start."""
    monkeypatch.setenv("SKM_STATE_DIR", "/nowhere")
    (fault,) = [each for each in faults() if each.startswith("/nowhere cannot be written")]
    assert fault.endswith("or set SKM_STATE_DIR.")


@pytest.mark.parametrize("command", ["run", "units", "doctor"])
def test_in_another_folder_than_skms(
    command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """“SKM_SECRET_KEY is not set; make one” and “run skm db upgrade” led to a second office."""
    for name in [each for each in os.environ if each.startswith("SKM_")]:
        monkeypatch.delenv(name)
    said = skm(command).output
    assert f"There is no file .env in {tmp_path}, and no setting. Go to the folder of" in said


def test_settings_that_belong_to_somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*args: object, **more: object) -> None:
        raise PermissionError(13, "Permission denied", ".env")

    monkeypatch.setattr("pydantic_settings.sources.providers.dotenv.dotenv_values", denied)
    Path(".env").write_text("SKM_LANG=en\n")
    (fault,) = faults()
    assert fault == (
        f"The file {Path('.env').absolute()} cannot be read: Permission denied. "
        "Run skm as the user to whom it belongs (ls -l says who)."
    )


@pytest.mark.usefixtures("bot_api")
def test_a_secret_of_another_database(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    engine = open_engine(url)
    with engine.begin() as connection:
        unit = units.by_code(connection, "RSUD-1")
        assert unit is not None
        somebody = votes.Person("tg:1", unit.id, "umum")
        keys = votes.Keys(connection, Vault(SECRET))
        votes.count(keys, somebody, parse("2026-Q4"), token_bytes, date(2026, 11, 19))
    engine.dispose()
    monkeypatch.delenv("SKM_TELEGRAM_TOKEN")
    assert "it opens the keys of this database" in skm("doctor").stdout
    monkeypatch.setenv("SKM_SECRET_KEY", SECRET[::-1])
    assert [f for f in faults() if "is not the one that this database was begun with" in f]


@pytest.mark.usefixtures("url")
def test_a_token_that_is_refused(bot_api: Callable[[Answers], None]) -> None:
    bot_api({"getMe": (401, None)})
    assert faults() == ["Telegram refuses SKM_TELEGRAM_TOKEN. Copy it again from @BotFather."]


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize("answer", [(502, None), (200, None), (200, ["?"])])
def test_an_address_that_is_no_bot_api(
    bot_api: Callable[[Answers], None], answer: tuple[int, Any]
) -> None:
    bot_api({"getMe": answer})
    (fault,) = faults()
    assert fault.startswith("No Bot API is reached at http://127.0.0.1:")


@pytest.mark.usefixtures("url", "bot_api")
def test_nobody_at_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKM_TELEGRAM_API_URL", "http://127.0.0.1:1")
    (fault,) = faults()
    assert fault == (
        "No Bot API is reached at http://127.0.0.1:1 (ConnectError). "
        "Check the network and SKM_TELEGRAM_API_URL."
    )


@pytest.mark.usefixtures("url")
def test_the_name_of_another_bot(bot_api: Callable[[Answers], None]) -> None:
    bot_api({"getMe": (200, {"username": "other_bot"}), "getWebhookInfo": (200, {"url": ""})})
    assert faults() == [
        "SKM_TELEGRAM_BOT is skm_uji_bot, but the token is that of other_bot; set that."
    ]


@pytest.mark.usefixtures("url")
def test_the_commands_that_are_set(bot_api: Callable[[Answers], None]) -> None:
    bot_api({"getMe": (200, {"username": "skm_uji_bot"}), "getWebhookInfo": (200, {"url": ""})})
    bot_api({"getMyCommands": (200, [{"command": "cek", "description": "…"}] * 2)})
    assert "ok     Menu button: 2 commands." in skm("doctor").stdout


@pytest.mark.usefixtures("url")
def test_the_state_of_the_webhook(
    monkeypatch: pytest.MonkeyPatch, bot_api: Callable[[Answers], None]
) -> None:
    monkeypatch.setenv("SKM_PUBLIC_URL", "http://localhost:9")
    monkeypatch.setenv("SKM_WEBHOOK_SECRET", "kunci-yang-panjang")
    bot_api({"getMe": (200, {"username": "Skm_Uji_Bot"}), "getWebhookInfo": (200, {"url": ""})})
    assert faults() == ["The webhook is not set; start skm run, which sets it."]
    hook = {"url": "http://localhost:9/telegram", "pending_update_count": 3}
    bot_api({"getWebhookInfo": (200, hook)})
    assert faults() == []
    hook |= {"last_error_message": "Wrong response: 503", "last_error_date": int(time.time())}
    (fault,) = faults()
    assert ": Wrong response: 503. Check that skm run or skm serve is running" in fault
    hook["last_error_date"] = int(time.time()) - 2 * 86_400
    assert faults() == []


@pytest.mark.usefixtures("url", "bot_api")
def test_for_monitoring(bot_api: Callable[[Answers], None]) -> None:
    bot_api({"getMe": (200, {"username": "skm_uji_bot"})})
    done = skm("doctor", "--json")
    said = json.loads(done.stdout)
    assert (done.exit_code, said["ok"]) == (0, True)
    assert {each["check"] for each in said["findings"]} == {
        "settings", "program", "disk", "database", "tables", "units", "roles", "running", "secret",
        "log", "tg",
    }  # fmt: skip
    bot_api({"getMe": (401, None)})
    done = skm("doctor", "--json")
    said = json.loads(done.stdout)
    assert (done.exit_code, said["ok"]) == (1, False)
    assert [each["check"] for each in said["findings"] if not each["ok"]] == ["tg"]


def begun(url: str) -> None:
    """As if skm had run on it for a minute."""
    engine = open_engine(url)
    with engine.begin() as connection:
        rollback_check.rise(connection, None)
    engine.dispose()


def test_nobody_runs_and_nobody_would_read_a_digest(url: str) -> None:
    """Before the first start neither is a fault."""
    begun(url)
    found = [f for f in faults() if "SKM_TELEGRAM" not in f]
    assert found == [
        "Nobody is head or admin of anything, so no digest reaches anybody. "
        "Invite: skm invite head UNIT, skm invite admin AGENCY",
        "No skm runs on this database. Start it: skm run, or skm serve and work.",
    ]
    engine = open_engine(url)
    with engine.begin() as connection:
        join(connection, invite(connection, "admin", EVERYTHING, 1, token_bytes), "tg:1", 2)
    engine.dispose()
    hold = "import pathlib, sys; from storage.database.sqlite import taken\n"
    hold += "with taken(pathlib.Path(sys.argv[1])): print(flush=True); sys.stdin.read()"
    file = url.removeprefix("sqlite:///").partition("?")[0]
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    said = skm("doctor").stdout
    assert f"ok     Running: process {holder.pid}.\n" in said
    assert "ok     Roles: 0 heads, 1 admin.\n" in said
    holder.communicate()


def test_who_runs_on_postgres(monkeypatch: pytest.MonkeyPatch, postgres_url: str) -> None:
    monkeypatch.setenv("SKM_DATABASE_URL", postgres_url)
    engine = open_engine(postgres_url)
    places = [Place(engine), Place(engine)]
    for place in places:
        place.renew()
    assert re.search(r"ok     Running: skm \S+ \d+, skm \S+ \d+\.", skm("doctor").stdout)
    for place in places:
        place.leave()
    assert "Running: not yet" in skm("doctor").stdout
    engine.dispose()


def test_a_full_disk_and_a_database_that_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("SKM_DISK_LIMIT", str(10**9))
    (fault,) = [each for each in faults() if each.startswith("Disk: only ")]
    assert fault.endswith("less than 1000000000 MB. Make room, or set SKM_DISK_LIMIT.")
    file = url.removeprefix("sqlite:///").partition("?")[0]
    monkeypatch.setenv("SKM_DATABASE_URL", f"sqlite:///file:{file}?mode=ro&uri=true")
    assert [each for each in faults() if "attempt to write a readonly database" in each]


@pytest.mark.usefixtures("url")
def test_a_clock_that_is_off(bot_api: Callable[[Answers], None]) -> None:
    bot_api({"getMe": (200, {"username": "skm_uji_bot"}), "clock": (0, -7_200.0)})
    assert faults() == [
        "The clock of this machine is 120 minutes ahead of Telegram's. "
        "Set the clock (timedatectl, NTP)."
    ]


def test_a_webhook_that_somebody_else_set(
    monkeypatch: pytest.MonkeyPatch, postgres_url: str, bot_api: Callable[[Answers], None]
) -> None:
    """While skm runs, its own would be there, or none."""
    monkeypatch.setenv("SKM_DATABASE_URL", postgres_url)
    elsewhere = {"url": "https://elsewhere.example/x"}
    bot_api({"getMe": (200, {"username": "skm_uji_bot"}), "getWebhookInfo": (200, elsewhere)})
    assert "a webhook is still set; skm run takes it away" in skm("doctor").stdout
    engine = open_engine(postgres_url)
    place = Place(engine)
    place.renew()
    for public in ("", "http://localhost:9"):
        monkeypatch.setenv("SKM_PUBLIC_URL", public)
        assert [f for f in faults() if f.startswith("Somebody else has set the webhook to https")]
    place.leave()
    engine.dispose()


@pytest.mark.usefixtures("url")
def test_a_line_of_env_that_is_none_is_named_and_not_shown(
    bot_api: Callable[[Answers], None], capfd: pytest.CaptureFixture[str]
) -> None:
    """dotenv said it once for each reading, 29 times, and doctor nothing."""
    bot_api({"getMe": (200, {"username": "skm_uji_bot"})})
    Path(".env").write_text("SKM_LANG=en\nrahasia saya\n")
    Path(".env").chmod(0o600)
    said = skm("doctor").output
    assert ".env, line 2: that is no setting." in said
    assert "rahasia saya" not in said
    assert "dotenv" not in said + capfd.readouterr().err
