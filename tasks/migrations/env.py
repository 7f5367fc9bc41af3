"""Run by Alembic, not imported: it migrates over the connection that `tasks.database.upgrade` hands over."""

from alembic import context
from sqlmodel import SQLModel

import models.tables  # every table is known once it is imported
from tasks.database import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata, version_table=VERSION_TABLE,
    transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
