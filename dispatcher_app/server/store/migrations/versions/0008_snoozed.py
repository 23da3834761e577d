"""Exceptions that rest, in the rows of the queue: so far none does"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("order_row", schema=None) as batch_op:
        batch_op.add_column(sa.Column("snoozed", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("order_row", schema=None) as batch_op:
        batch_op.drop_column("snoozed")
