"""The plan improver: ruin and recreate in compiled code. For worker processes only; nothing else imports this."""

from dispatcher_app.planning.improve.search import construct, improve, warm

__all__ = ["construct", "improve", "warm"]
