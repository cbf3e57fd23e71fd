"""`skm db upgrade`: create the database, or bring it to this release."""

import typer

from bot.commands.refusal import Refused
from bot.settings import load
from flows.operator_words import tr
from storage.database import release
from storage.database.connect import BACK, enumerated, migrate, open_engine, place, said
from storage.database.rollback_check import file_of, require_not_lost


def upgrade() -> None:
    """Raises DatabaseUnfit, Refused where the tables are not as they should be afterwards."""
    settings = load()
    if edited := release.edited():
        raise Refused(edited_sentence(edited))
    engine = open_engine(settings.database_url)
    with said(engine):
        require_not_lost(engine, file_of(engine, settings.state_dir))
        before = migrate(settings.database_url)
        with engine.connect() as connection:
            wrong = release.differences(connection)
    engine.dispose()
    typer.echo(_told(place(engine), before))
    if wrong:
        raise Refused(tr("But not all is as it should be: {0}. {1}", enumerated(wrong), tr(BACK)))


def _told(database: str, before: str | None) -> str:
    if before is None:
        return tr("The database {0} is made, at migration {1}.", database, release.head())
    steps = [f"  {number}  {does}" for number, does in release.steps(before)]
    if not steps:
        return tr("The database {0} was up to date already, at migration {1}.", database, before)
    first = tr(
        "The database {0} was brought from migration {1} to {2}:", database, before, release.head()
    )
    return "\n".join((first, *steps))


def edited_sentence(files: list[str]) -> str:
    return tr(
        "This program is not as it was released: {0} in {1} differ. A changed migration would make "
        "other tables than the release needs. Install skm again.",
        enumerated(files),
        release.FOLDER,
    )
