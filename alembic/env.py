"""Alembic's entry: migrate on the connection that watchbot.store.migrate hands over (one transaction, its own).

From the command line (`alembic revision --autogenerate -m ...`) the address comes with `-x url=...`.
"""

from alembic import context
from sqlalchemy import TypeDecorator

from watchbot.store.address import parse
from watchbot.store.engine import postgresql_engine, sqlite_engine
from watchbot.store.tables import metadata


def plain_type(kind, value, _context):
    """Write our own column types as what they are in the database: a migration never imports the program."""
    if kind == "type" and isinstance(value, TypeDecorator):
        return f"sa.{type(value.impl).__name__}()"
    return False


def migrate(connection):
    """Run the scripts on an open connection."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transactional_ddl=True,  # on SQLite too: our connections begin their transactions themselves
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=plain_type,
    )
    with context.begin_transaction():
        context.run_migrations()


handed = context.config.attributes.get("connection")
if handed is not None:
    migrate(handed)
else:
    address = parse(context.get_x_argument(as_dictionary=True)["url"])
    if address.get_backend_name() == "sqlite":
        engine = sqlite_engine(address, begin="BEGIN IMMEDIATE", foreign_keys=False)
    else:
        engine = postgresql_engine(address, pooled=False)
    with engine.begin() as opened:
        migrate(opened)
