"""The secret is changed without losing a voice or a printed link; a lost one has its price and a
way on; secrets come from files."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from bot.core.setting import SettingsUnfit
from bot.settings import load
from storage.answers import visits, votes
from storage.answers.votes import Person
from storage.periods import parse
from storage.vault import SecretUnfit, Vault
from tests.support.command_line import clean_desk, refusal, skm
from tests.support.offices import SECRET, VAULT, Chance, count, office, unit_of, unit_row

NEW = "kunci-baru-untuk-uji-saja-9876543210zyx"
BOTH = Vault(NEW, former=SECRET)
DAY = date(2099, 10, 1)
PERIOD = parse("2099-Q4")


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str) -> Iterator[Engine]:
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setenv("SKM_DATABASE_URL", database_url)
    with office(database_url, unit_row("SMST-BTM"), unit_row("SMST-SK")) as engine:
        yield engine


def counted(engine: Engine, vault: Vault, code: str = "SMST-BTM") -> bool:
    with engine.begin() as connection:
        person = Person("tg:9", unit_of(connection, code).id, "pajak")
        return votes.count(votes.Keys(connection, vault), person, PERIOD, Chance(1), DAY)


def test_a_secret_is_changed_while_it_runs(engine, monkeypatch):
    assert counted(engine, VAULT)
    monkeypatch.setenv("SKM_SECRET_KEY", SECRET)
    steps = refusal("keys", "rotate")
    assert "rename SKM_SECRET_KEY to SKM_SECRET_KEY_FORMER" in steps
    made = steps.split("SKM_SECRET_KEY=")[1].split()[0]
    assert len(made) >= 43
    assert made != SECRET

    monkeypatch.setenv("SKM_SECRET_KEY", NEW)
    with pytest.raises(SecretUnfit):
        counted(engine, Vault(NEW))
    monkeypatch.setenv("SKM_SECRET_KEY_FORMER", SECRET)
    assert not counted(engine, BOTH)  # a running process that has both: no second voice
    assert counted(engine, BOTH, "SMST-SK")  # a new period is sealed under the new one
    checked = skm("keys", "check").stdout
    assert "opens 1 key" in checked
    assert "1 more are sealed under SKM_SECRET_KEY_FORMER: skm keys rotate" in checked
    assert "1 key is sealed under the new" in skm("keys", "rotate").stdout
    assert "seals nothing any more. Take it out once" in skm("keys", "check").stdout
    monkeypatch.delenv("SKM_SECRET_KEY_FORMER")
    assert skm("keys", "check").stdout == "SKM_SECRET_KEY opens 2 keys of running periods.\n"
    assert not counted(engine, Vault(NEW))
    assert count(engine, "audit_entry", "action = 'rotate_keys'") == 1


def test_a_link_printed_before_is_good_as_long_as_it_ever_was(engine):
    with engine.connect() as connection:
        unit = unit_of(connection, "SMST-BTM")
    printed = visits.make(VAULT, unit, "", DAY, Chance(3))
    found = visits.read(BOTH, printed)
    assert found is not None
    assert found.opens(DAY)
    assert visits.unseal(BOTH, visits.seal(VAULT, found)) == found
    assert visits.read(Vault(NEW), printed) is None
    made = visits.make(BOTH, unit, "", DAY, Chance(4))
    assert visits.read(VAULT, made) is None  # the former one signs nothing new
    assert visits.read(Vault(NEW), made)


def test_a_lost_secret(engine, monkeypatch):
    """What it costs: in the running period whoever answered may answer once more."""
    assert counted(engine, VAULT)
    monkeypatch.setenv("SKM_SECRET_KEY", NEW)
    checked = skm("keys", "check")
    assert checked.exit_code == 1
    assert "1 key open under neither" in checked.stdout
    asked = skm("keys", "drop")
    assert asked.exit_code == 1
    assert "may answer once more" in asked.stdout
    assert "Add --yes" in asked.stderr
    assert count(engine, "period_key") == 1
    assert skm("keys", "drop", "--yes").exit_code == 0
    assert count(engine, "period_key") == count(engine, "voice") == 0
    assert counted(engine, Vault(NEW))
    assert "nothing is to be dropped" in refusal("keys", "drop", "--yes")


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.delenv("SKM_TELEGRAM_BOT")
    return tmp_path


@pytest.mark.parametrize("way", ["variable", ".env", "SKM_SECRET_KEY", "skm_secret_key"])
def test_a_secret_from_a_file(desk, monkeypatch, way):
    """Named by a variable, in the environment or in .env; or one of systemd's credentials."""
    file = desk / (way if way.lower().startswith("skm") else "secret")
    file.write_text(f"{SECRET}\n")
    if way == "variable":
        monkeypatch.setenv("SKM_SECRET_KEY_FILE", str(file))
    elif way == ".env":
        Path(".env").write_text(f"SKM_SECRET_KEY_FILE={file}\n")
    else:
        monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(desk))
    assert load().secret_key.get_secret_value() == SECRET


def test_every_setting_may_stand_in_a_file(desk, monkeypatch):
    Path("url").write_text("postgresql://skm:sandi@db/skm\n")
    Path("token").write_text("7:AAnotarealtokenbutlikeone")
    monkeypatch.setenv("SKM_DATABASE_URL_FILE", "url")
    monkeypatch.setenv("SKM_TELEGRAM_TOKEN_FILE", "token")
    settings = load()
    assert settings.database_url == "postgresql://skm:sandi@db/skm"
    assert settings.platforms[0].own.telegram_token.get_secret_value().startswith("7:AA")


def test_a_file_that_is_not_there_and_two_at_once(desk, monkeypatch):
    monkeypatch.setenv("SKM_SECRET_KEY_FILE", "/run/secrets/none")
    with pytest.raises(SettingsUnfit, match=r"SKM_SECRET_KEY_FILE names /run/secrets/none, which"):
        load()
    Path("secret").write_text("pendek")
    monkeypatch.setenv("SKM_SECRET_KEY_FILE", "secret")
    with pytest.raises(SettingsUnfit, match=r"SKM_SECRET_KEY cannot be used") as refused:
        load()
    assert "pendek" not in str(refused.value)
    monkeypatch.setenv("SKM_SECRET_KEY", SECRET)
    with pytest.raises(SettingsUnfit, match="Both SKM_SECRET_KEY and SKM_SECRET_KEY_FILE are set"):
        load()


def test_a_credential_goes_after_the_environment(desk, monkeypatch):
    Path("SKM_SECRET_KEY").write_text("x" * 20 + SECRET)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(desk))
    monkeypatch.setenv("SKM_SECRET_KEY", SECRET)
    assert load().secret_key.get_secret_value() == SECRET


def test_rotating_writes_nothing_but_seals(engine, monkeypatch):
    counted(engine, VAULT)
    with engine.connect() as connection:
        before = connection.execute(text("SELECT hash FROM voice")).all()
    monkeypatch.setenv("SKM_SECRET_KEY", NEW)
    monkeypatch.setenv("SKM_SECRET_KEY_FORMER", SECRET)
    skm("keys", "rotate")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT hash FROM voice")).all() == before
