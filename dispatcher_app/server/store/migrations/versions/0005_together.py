"""Who comes along to a visit, in the rows of the queue: where none has been said so far, one technician comes"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("order_row", schema=None) as batch_op:
        batch_op.add_column(sa.Column("helpers", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("order_row", schema=None) as batch_op:
        batch_op.drop_column("helpers")
