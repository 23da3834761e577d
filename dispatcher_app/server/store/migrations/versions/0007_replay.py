"""Where technicians were is kept, thinned out; how an entity stood at a moment is found from an index alone"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "track",
        sa.Column("technician", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("accuracy_m", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("technician", "at", name=op.f("pk_track")),
    )
    op.create_index("ix_track_at", "track", ["at"])
    op.create_index("ix_change_kind_id_seq", "change", ["kind", "id", "seq"])
    op.drop_index("ix_change_kind_id", "change")


def downgrade() -> None:
    op.create_index("ix_change_kind_id", "change", ["kind", "id"])
    op.drop_index("ix_change_kind_id_seq", "change")
    op.drop_index("ix_track_at", "track")
    op.drop_table("track")
