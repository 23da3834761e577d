"""What the whole life of an order takes: uploads under way, and what is kept beside photos and videos"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


ORDER_ROW: dict[str, tuple[Any, Any]] = {
    "service": (sa.Text(), "home"),
    "flags": (sa.Text(), ""),
    "unread": (sa.BigInteger(), 0),
    "owing": (sa.BigInteger(), 0),
    "quote_open": (sa.BigInteger(), 0),
    "return_of": (sa.Text(), None),
    "alarm": (sa.BigInteger(), None),
}
"""New columns of the narrow row, and what every order made before them has there."""


def upgrade() -> None:
    # What the log keeps can be read in later versions too.
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("schema", sa.Integer(), nullable=False, server_default="1"))
    with op.batch_alter_table("order_row", schema=None) as batch_op:
        for name, (type_, _) in ORDER_ROW.items():
            batch_op.add_column(sa.Column(name, type_, nullable=True))
    rows = sa.table("order_row", *(sa.column(name, type_) for name, (type_, _) in ORDER_ROW.items()))
    op.execute(sa.update(rows).values({name: value for name, (_, value) in ORDER_ROW.items()}))
    # Offers that run while tables change end all the same.
    postgresql = op.get_bind().dialect.name == "postgresql"
    ends = (
        "(body::json -> 'offer' ->> 'expires_at')::bigint" if postgresql else "body ->> '$.offer.expires_at'"
    )
    op.execute(
        f"UPDATE order_row SET alarm = (SELECT {ends} FROM entity WHERE kind = 'order' AND entity.id = order_row.id) "
        "WHERE status = 'offered'"
    )
    with op.batch_alter_table("order_row", schema=None) as batch_op:
        batch_op.create_index("ix_order_row_alarm", ["alarm"], unique=False)

    op.create_table(
        "upload",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index("ix_upload_actor_state", ["actor", "state"], unique=False)
        batch_op.create_index("ix_upload_expires_at", ["expires_at"], unique=False)

    op.create_table(
        "attachment_file",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("original_media", sa.Text(), nullable=False),
        sa.Column("sealed", sa.Integer(), nullable=False),
        sa.Column("thumb_sha256", sa.Text(), nullable=True),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.Column("device", sa.Text(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("stored_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment_file")),
    )
    with op.batch_alter_table("attachment_file", schema=None) as batch_op:
        batch_op.create_index("ix_attachment_file_order_id", ["order_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.BigInteger(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("corrects", sa.Text(), nullable=True),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_act", ["act"], unique=False)
        batch_op.create_index("ix_notice_order_id", ["order_id"], unique=False)
        batch_op.create_index("ix_notice_state_next_at", ["state", "next_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index("ix_notice_state_next_at")
        batch_op.drop_index("ix_notice_order_id")
        batch_op.drop_index("ix_notice_act")

    op.drop_table("notice")
    with op.batch_alter_table("attachment_file", schema=None) as batch_op:
        batch_op.drop_index("ix_attachment_file_order_id")

    op.drop_table("attachment_file")
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.drop_index("ix_upload_expires_at")
        batch_op.drop_index("ix_upload_actor_state")

    op.drop_table("upload")
    with op.batch_alter_table("order_row", schema=None) as batch_op:
        batch_op.drop_index("ix_order_row_alarm")
        for name in reversed(ORDER_ROW):
            batch_op.drop_column(name)
    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.drop_column("schema")
