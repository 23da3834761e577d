"""Open complaints, in the rows of the queue: so far there is none"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("order_row", schema=None) as batch_op:
        batch_op.add_column(sa.Column("complaint", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("complaint_due", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("order_row", schema=None) as batch_op:
        batch_op.drop_column("complaint_due")
        batch_op.drop_column("complaint")
