"""Alembic's entry: the connection comes from `store.migrate`."""

from alembic import context

from dispatcher_app.server.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
