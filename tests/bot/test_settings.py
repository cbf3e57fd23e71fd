"""Settings: what a wrong one says, and that no secret is ever said."""

from pathlib import Path

import pytest

from bot.core.setting import SettingsUnfit
from bot.settings import load, variables
from flows import loader
from reports import disclosure
from tests.support.command_line import skm

SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "7:AAnotarealtokenbutlikeone"


@pytest.fixture(autouse=True)
def _an_empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in variables():
        monkeypatch.delenv(name, raising=False)


def refusal(monkeypatch: pytest.MonkeyPatch, **given: str) -> list[str]:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsUnfit) as refused:
        load()
    return str(refused.value).splitlines()


def test_without_any_setting() -> None:
    settings = load()
    assert settings.database_url == "sqlite:///skm.db"
    (telegram,) = settings.platforms
    assert telegram.own.telegram_library == "aiogram"
    assert telegram.own.telegram_api_url == "https://api.telegram.org"


def test_what_a_bot_needs_is_asked_only_of_a_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKM_PUBLIC_URL", "https://skm.example.go.id/")
    settings = load()
    assert settings.public_url == "https://skm.example.go.id"
    with pytest.raises(SettingsUnfit) as refused:
        settings.for_talking()
    faults = str(refused.value).splitlines()
    assert [fault.partition(";")[0] for fault in faults] == [
        "SKM_SECRET_KEY is not set",
        "SKM_TELEGRAM_TOKEN is not set",
        "SKM_TELEGRAM_BOT is not set",
        "SKM_WEBHOOK_SECRET is not set",
    ]
    assert "secrets.token_urlsafe(32)" in faults[0]


def test_a_file_and_the_environment_before_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = f"SKM_SECRET_KEY={SECRET}\nSKM_TELEGRAM_TOKEN='{TOKEN}'\nSKM_TELEGRAM_BOT=a_bot\nX=1\n"
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbf" + text.encode())  # as Notepad saves it
    monkeypatch.setenv("SKM_TELEGRAM_BOT", "@another_bot")
    monkeypatch.setenv("SKM_HTTP_PORT", "")
    settings = load().for_talking()
    assert settings.platforms[0].own.telegram_bot == "another_bot"
    assert settings.http_port == 8080
    assert settings.secret_key.get_secret_value() == SECRET


def test_more_answers_may_be_asked_for_than_five(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disclosure, "_asked_for", disclosure.LEAST)  # put back afterwards
    monkeypatch.setenv("SKM_LEAST", "10")
    load()
    assert disclosure.least() == 10
    monkeypatch.setenv("SKM_LEAST", "4")
    with pytest.raises(SettingsUnfit, match="SKM_LEAST is “4”; it must be a number of answers"):
        load()


def test_every_fault_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    faults = refusal(
        monkeypatch,
        SKM_TELEGRAM_LIBRARY="pyrogram",
        SKM_HTTP_PORT="http",
        SKM_PUBLIC_URL="http://skm.example.go.id",
    )
    assert faults == [
        "SKM_PUBLIC_URL cannot be used; it must be the https:// address at which the internet "
        "reaches this server.",
        "SKM_HTTP_PORT is “http”; it must be a port number from 1 to 65535, such as 8080.",
        "SKM_TELEGRAM_LIBRARY is “pyrogram”; it must be aiogram or ptb.",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SKM_SECRET_KEY", SECRET[1:]),
        ("SKM_TELEGRAM_TOKEN", "AAnotarealtoken"),
        ("SKM_TELEGRAM_API_URL", "http://localhost/{token}"),  # aiogram would fill it in
        ("SKM_TELEGRAM_BOT", TOKEN),  # pasted into the wrong line
        ("SKM_TELEGRAM_API_URL", "telegram.go.id"),
        ("SKM_TELEGRAM_API_URL", "https://[::1"),
        ("SKM_PUBLIC_URL", "https:///skm"),
        ("SKM_PUBLIC_URL", "https://host:99999"),
        ("SKM_WEBHOOK_SECRET", "rahasia sekali, sekali"),
        ("SKM_WEBHOOK_SECRET", "x" * 15),
        ("SKM_SECRET_KEY", SECRET[:15] * 3),
        ("SKM_PUBLIC_URL", "https://budi:sandi@skm.example"),
        ("SKM_TELEGRAM_API_URL", "http://budi:sandi@127.0.0.1:8081"),
        ("SKM_WEBHOOK_SECRET", "x" * 257),
        ("SKM_HTTP_HOST", "localhost:8080"),
        ("SKM_HTTP_HOST", "http://127.0.0.1"),
    ],
)
def test_a_malformed_one_is_named_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    (fault,) = refusal(monkeypatch, **{name: value})
    assert fault.startswith(f"{name} cannot be used; it must be ")
    assert value not in fault


@pytest.mark.parametrize("url", ["http://localhost:8080", "http://127.0.0.1:80", "https://a.id"])
def test_addresses_that_may_be_public(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("SKM_PUBLIC_URL", url)
    assert load().public_url == url


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "::", "skm-2.local", "fe80::1"])
def test_hosts(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("SKM_HTTP_HOST", host)
    assert load().http_host == host


def test_secrets_are_in_no_picture_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKM_SECRET_KEY", SECRET)
    monkeypatch.setenv("SKM_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("SKM_WEBHOOK_SECRET", "kata-sandi-yang-panjang")
    monkeypatch.setenv("SKM_DATABASE_URL", "postgresql://skm:sandi-db@host/skm")
    shown = f"{load()!r} {load()}"
    assert not any(s in shown for s in (SECRET, TOKEN, "kata-sandi", "sandi-db"))


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"SKM_TELEGRAM_BOT=\xff\xfe")
    with pytest.raises(SettingsUnfit, match=r"\.env is not UTF-8"):
        load()


def test_each_language_that_is_named_is_offered_or_said_to_be_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = loader.read_po
    half = {key: text for key, text in whole("su").items() if key != "survey.thanks"}
    monkeypatch.setattr(loader, "read_po", lambda code: half if code == "su" else whole(code))
    monkeypatch.setenv("SKM_LANGUAGES", "JV, su,xx")
    said = skm("doctor").stdout
    assert "ok     SKM_LANGUAGES: jv (Basa Jawa) is offered." in said
    assert "SKM_LANGUAGES names su, which is not offered: it lacks 1 text" in said
    assert "FAULT  SKM_LANGUAGES names xx, of which there is no catalogue." in said
    (fault,) = refusal(monkeypatch, SKM_LANGUAGES="Basa Jawa")
    assert fault.startswith("SKM_LANGUAGES is “basa jawa”; it must be codes of languages")
