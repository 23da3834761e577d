"""Refunds under way, in the rows of the queue: so far there is none"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("order_row", schema=None) as batch_op:
        batch_op.add_column(sa.Column("refunding", sa.Text(), nullable=True))
    op.execute("UPDATE order_row SET refunding = ''")


def downgrade() -> None:
    with op.batch_alter_table("order_row", schema=None) as batch_op:
        batch_op.drop_column("refunding")
