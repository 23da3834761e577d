"""Why the connection is as it is, in a sentence for the status bar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dispatcher_app.text import sentence, t

REASONS: Final[Mapping[str, str]] = {
    "no_answer": "The server does not answer; what you do is kept and sent as soon as it does.",
    "protocol": "The server is newer than this program. Update it; what you have done is kept until then.",
    "answer_unreadable": "The server's answer can't be read; it is asked again.",
    "replica_new": "The data is fetched for the first time.",
    "replica_other_user": "Somebody else worked here before; your data is fetched anew.",
    "replica_other_shape": "The program was updated; the data is fetched anew.",
    "server_keeps_dying": "This computer's server stopped three times in a row and is not started again.",
    "database_too_new": "The database was written by a newer version of this program.",
    "no_database": "The database can't be opened.",
    "server_disk_full": "The server's disk is full; the file is kept here and sent as soon as there is room.",
    "busy": "The server is busy; it goes on by itself.",
    "no_keyring": "This computer has no safe place for passwords, so you have to log in each time.",
}


def explained(code: str) -> str:
    """The sentence for a reason's code; nothing for none."""
    if not code:
        return ""
    return t(REASONS[code]) if code in REASONS else sentence(code)
