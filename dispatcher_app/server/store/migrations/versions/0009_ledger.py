"""The ledger: postings and their entries, which the database itself lets nobody change, and balances"""

import sqlalchemy as sa
from alembic import op

from dispatcher_app import clock

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEPT = ("ledger_posting", "ledger_entry")


def upgrade() -> None:
    op.create_table(
        "ledger_posting",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=True),
        sa.Column("reverses", sa.Text(), nullable=True),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_posting")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ledger_posting_order_id", "ledger_posting", ["order_id"])
    op.create_table(
        "ledger_entry",
        sa.Column("posting", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_ledger_entry_region_account_seq", "ledger_entry", ["region", "account", "seq"])
    op.create_table(
        "ledger_balance",
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("region", "account", "currency", "what", name=op.f("pk_ledger_balance")),
    )
    keep()
    meta = sa.table("meta", sa.column("key", sa.Text()), sa.column("value", sa.Text()))
    op.bulk_insert(meta, [{"key": "ledger_since", "value": str(clock.now_ms())}])


def keep() -> None:
    """What was posted stays as it was posted, whoever has the database open."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION posted_for_ever() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'what was posted is never changed'; END $$"
        )
        for table in KEPT:
            op.execute(
                f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION posted_for_ever()"
            )
        return
    for table in KEPT:
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'what was posted is never changed'); END"
            )


def downgrade() -> None:
    op.drop_table("ledger_balance")
    op.drop_table("ledger_entry")
    op.drop_table("ledger_posting")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION posted_for_ever()")
    op.execute("DELETE FROM meta WHERE key = 'ledger_since'")
