"""What every test may ask for: a fresh database of either kind, a Bot API server, real answers.

Fixtures import the packages they need when asked, so that tests of `flows` stay quick.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support import memory, network, postgres
from tests.support.deep import PROFILE
from tests.support.made_once import made_once
from tests.support.published import published_folder
from tests.support.telegram_server import Telegram, telegram_server
from tests.support.waiting import PATIENCE

settings.register_profile("dev", deadline=None, max_examples=25)
settings.register_profile("ci", deadline=None, max_examples=25, derandomize=True, print_blob=True)
settings.register_profile("deep", deadline=None, max_examples=500)
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", memory.roomy(tempfile.gettempdir()))
settings.load_profile(PROFILE)

# Hundreds of thousands of objects are made while tests are collected, and stay: Python is not to
# look again and again for garbage among them.
gc.disable()


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def _only_this_machine() -> Iterator[None]:
    with network.only_this_machine():
        yield


@pytest.fixture(scope="session", autouse=True)
def _made_once() -> Iterator[None]:
    with made_once():
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """One Postgres for the run, or for each worker of it. Never skips: no server, no pass."""
    with postgres.server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: postgres.Server) -> str:
    """The name of a migrated database that is only ever copied."""
    from storage.database.connect import migrate

    url = postgres_server.fresh_database()
    migrate(url)
    return postgres.name_of(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that is only ever copied."""
    from storage.database.connect import migrate

    file = tmp_path_factory.mktemp("template") / "skm.db"
    migrate(f"sqlite:///{file}")
    left = [path.name for path in file.parent.iterdir() if path != file]
    assert not left, f"migrate left the database open: {left}"
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """SKM_DATABASE_URL of a fresh, migrated SQLite file in this test's own folder."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'skm.db')}?timeout={PATIENCE:g}"


@pytest.fixture
def postgres_url(postgres_server: postgres.Server, postgres_template: str) -> Iterator[str]:
    """SKM_DATABASE_URL of a fresh, migrated Postgres database, dropped after the test."""
    url = postgres_server.fresh_database(postgres_template)
    yield url
    postgres_server.drop(url)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The test runs twice: SKM_DATABASE_URL of a fresh, migrated database of either kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def empty_sqlite_url(tmp_path: Path) -> str:
    """SKM_DATABASE_URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture
def empty_postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    """SKM_DATABASE_URL of a Postgres database without tables, dropped after the test."""
    url = postgres_server.fresh_database()
    yield url
    postgres_server.drop(url)


@pytest.fixture(params=["sqlite", "postgres"])
def empty_database_url(request: pytest.FixtureRequest) -> str:
    """The test runs twice: SKM_DATABASE_URL of either kind before `skm db upgrade`."""
    url: str = request.getfixturevalue(f"empty_{request.param}_url")
    return url


@pytest.fixture
def telegram() -> Iterator[Telegram]:
    """A Bot API server of this test's own; `telegram.citizen()` is somebody with a phone."""
    with telegram_server() as server:
        yield server


@pytest.fixture(scope="session")
def published() -> Path:
    """The folder of real published answers; without it the test is skipped, as in a bare clone."""
    folder = published_folder()
    if folder is None:
        pytest.skip("no published answers here: name their folder in SKM_PUBLISHED")
    return folder
