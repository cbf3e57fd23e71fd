"""Runs migrations on the connection that `storage.database.connect.migrate` hands over."""

from alembic import context
from sqlmodel import SQLModel

import storage.index_tables
import storage.office_tables  # noqa: F401

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
