"""The tables. Times are UTC milliseconds, bodies JSON text."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from dispatcher_app import rows

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

meta = Table("meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

log_head = Table(
    "log_head", metadata, Column("log", Text, primary_key=True), Column("seq", BigInteger, nullable=False)
)

entity = Table(
    "entity",
    metadata,
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("closed_at", BigInteger),
    Column("body", Text, nullable=False),
    PrimaryKeyConstraint("kind", "id"),
)
Index("ix_entity_region_seq", entity.c.region, entity.c.seq)
Index("ix_entity_region_kind_closed_at", entity.c.region, entity.c.kind, entity.c.closed_at)

act = Table(
    "act",
    metadata,
    Column("id", Text, primary_key=True),
    Column("log", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("decided_at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("undoes", Text),
    Column("batch", Text),
    Column("undo_name", Text),
    Column("undo_body", Text),
)
Index("ix_act_log_seq", act.c.log, act.c.seq, unique=True)
Index("ix_act_undoes", act.c.undoes)
Index("ix_act_actor_decided_at", act.c.actor, act.c.decided_at)
Index("ix_act_decided_at", act.c.decided_at)

change = Table(
    "change",
    metadata,
    Column("log", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("body", Text),
    Column("hash", Text, nullable=False),
    Column("schema", Integer, nullable=False, server_default="1"),
    PrimaryKeyConstraint("log", "seq", "kind", "id"),
)
Index("ix_change_kind_id_seq", change.c.kind, change.c.id, change.c.seq)


def row_type(name: str) -> type[Text] | type[Float[float]] | type[BigInteger]:
    """The column type of a field of an order's narrow row."""
    return Float if name in rows.REAL else BigInteger if name in rows.INTEGER else Text


order_row = Table(
    "order_row",
    metadata,
    *(Column(name, row_type(name), primary_key=name == "id") for name in rows.COLUMNS),
)
Index("ix_order_row_customer", order_row.c.customer)
Index("ix_order_row_closed_status", order_row.c.closed, order_row.c.status)
Index("ix_order_row_address", order_row.c.address)
Index("ix_order_row_alarm", order_row.c.alarm)
Index("ix_order_row_region_created_at", order_row.c.region, order_row.c.created_at)

serial = Table(
    "serial",
    metadata,
    Column("log", Text, nullable=False),
    Column("date", Text, nullable=False),
    Column("last", BigInteger, nullable=False),
    PrimaryKeyConstraint("log", "date"),
)

secret = Table(
    "secret",
    metadata,
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("blind", Text, nullable=False),
    PrimaryKeyConstraint("kind", "id", "field"),
)
Index("ix_secret_blind", secret.c.blind)

access = Table(
    "access",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("reason", Text, nullable=False),
)
Index("ix_access_entity_at", access.c.entity, access.c.at)

login = Table(
    "login",
    metadata,
    Column("name", Text, primary_key=True),
    Column("staff", Text, nullable=False),
    Column("password", Text, nullable=False),
)

token = Table(
    "token",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("staff", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
)
Index("ix_token_staff", token.c.staff)

position = Table(
    "position",
    metadata,
    Column("technician", Text, primary_key=True),
    Column("region", Text, nullable=False),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("accuracy_m", Float, nullable=False),
    Column("at", BigInteger, nullable=False),
)

track = Table(
    "track",
    metadata,
    Column("technician", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("accuracy_m", Float, nullable=False),
    PrimaryKeyConstraint("technician", "at"),
)
Index("ix_track_at", track.c.at)

upload = Table(
    "upload",
    metadata,
    Column("id", Text, primary_key=True),
    Column("region", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("line", Integer),
    Column("purpose", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("media", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text),
    Column("actor", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("refusal", Text),
)
Index("ix_upload_actor_state", upload.c.actor, upload.c.state)
Index("ix_upload_expires_at", upload.c.expires_at)

attachment_file = Table(
    "attachment_file",
    metadata,
    Column("id", Text, primary_key=True),
    Column("region", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("original_media", Text, nullable=False),
    Column("sealed", Integer, nullable=False),
    Column("thumb_sha256", Text),
    Column("taken_at", BigInteger),
    Column("device", Text),
    Column("lon", Float),
    Column("lat", Float),
    Column("stored_at", BigInteger, nullable=False),
)
Index("ix_attachment_file_order_id", attachment_file.c.order_id)

notice = Table(
    "notice",
    metadata,
    Column("id", Text, primary_key=True),
    Column("region", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("part", BigInteger, nullable=False),
    Column("party", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("corrects", Text),
    Column("params", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", BigInteger, nullable=False),
    Column("next_at", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("sent_at", BigInteger),
    Column("provider", Text),
    Column("detail", Text),
)
Index("ix_notice_order_id", notice.c.order_id)
Index("ix_notice_act", notice.c.act)
Index("ix_notice_state_next_at", notice.c.state, notice.c.next_at)

ledger_posting = Table(
    "ledger_posting",
    metadata,
    Column("id", Text, primary_key=True),
    Column("region", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("act", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("order_id", Text),
    Column("reverses", Text),
    Column("entries", Text, nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_ledger_posting_order_id", ledger_posting.c.order_id)

ledger_entry = Table(
    "ledger_entry",
    metadata,
    Column("posting", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("region", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
)
Index("ix_ledger_entry_region_account_seq", ledger_entry.c.region, ledger_entry.c.account, ledger_entry.c.seq)

ledger_balance = Table(
    "ledger_balance",
    metadata,
    Column("region", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("entries", BigInteger, nullable=False),
    PrimaryKeyConstraint("region", "account", "currency", "what"),
)

plan_run = Table(
    "plan_run",
    metadata,
    Column("id", Text, primary_key=True),
    Column("region", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("begun_at", BigInteger, nullable=False),
    Column("told_at", BigInteger, nullable=False),
    Column("stop", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
)
Index("ix_plan_run_told_at", plan_run.c.told_at)

lease = Table(
    "lease",
    metadata,
    Column("job", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("node", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
    PrimaryKeyConstraint("job", "region"),
)

presence = Table(
    "presence",
    metadata,
    Column("desk", Text, primary_key=True),
    Column("staff", Text, nullable=False),
    Column("regions", Text, nullable=False),
    Column("seat", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("doing", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)

claim = Table(
    "claim",
    metadata,
    Column("order_id", Text, primary_key=True),
    Column("desk", Text, nullable=False),
    Column("staff", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("typed_at", BigInteger, nullable=False),
)

provider_notice = Table(
    "provider_notice",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("provider", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("payment", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("count", BigInteger, nullable=False),
)
Index("ix_provider_notice_at", provider_notice.c.at)
