"""What was done by whom can be asked, and who is at which desk with which order open"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_act_undoes", "act", ["undoes"])
    op.create_index("ix_act_actor_decided_at", "act", ["actor", "decided_at"])
    op.create_index("ix_act_decided_at", "act", ["decided_at"])
    op.create_table(
        "presence",
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("regions", sa.Text(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("doing", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("desk", name=op.f("pk_presence")),
    )
    op.create_table(
        "claim",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("typed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_claim")),
    )


def downgrade() -> None:
    op.drop_table("claim")
    op.drop_table("presence")
    for name in ("ix_act_decided_at", "ix_act_actor_decided_at", "ix_act_undoes"):
        op.drop_index(name, "act")
