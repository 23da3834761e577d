"""What goes out to the desks is read from the log, whoever committed it: this node, another, an administrator."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence

from dispatcher_app import codec
from dispatcher_app.server.store import record
from dispatcher_app.server.store.database import Cursor, Database, Unavailable
from dispatcher_app.server.store.listen import listen

log = logging.getLogger(__name__)

CHANNEL = "dispatcher_log"
POLL_S = 1.0
"""A wake-up is only a hint: one that gets lost delays by this much and loses nothing."""

PAGE = 500


class Follower:
    """Publishes every act of every log exactly once and in order, whoever committed it."""

    def __init__(
        self,
        database: Database,
        heads: Mapping[str, int],
        publish: Callable[[Sequence[tuple[str, int, bytes]]], None],
    ) -> None:
        self.database = database
        self._publish = publish
        self._own: dict[tuple[str, int], bytes] = {}
        self._wake = threading.Event()
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._heads = dict(heads)
        self._thread = threading.Thread(target=self._follow, name="follower", daemon=True)
        self._thread.start()
        if database.postgresql:
            threading.Thread(target=self._listen, name="listener", daemon=True).start()

    def committed(self, messages: Sequence[tuple[str, int, bytes]]) -> None:
        """This node has committed these; they go out at once where nothing of others comes before them."""
        with self._lock:
            fresh = [each for each in messages if each[1] > self._heads.get(each[0], 0)]
            if self._follows_on(fresh):
                self._publish(fresh)
                self._heads.update({log: seq for log, seq, _ in fresh})
                return
            self._own.update({(log, seq): data for log, seq, data in fresh})
        self._wake.set()

    def _follows_on(self, messages: Sequence[tuple[str, int, bytes]]) -> bool:
        expected = dict(self._heads)
        for log, seq, _ in messages:
            if seq != expected.get(log, 0) + 1:
                return False
            expected[log] = seq
        return True

    def close(self) -> None:
        """Stop following."""
        self._stopped.set()
        self._wake.set()
        self._thread.join(5)

    def _follow(self) -> None:
        while not self._stopped.is_set():
            self._wake.wait(POLL_S)
            self._wake.clear()
            try:
                with self.database.reading() as cursor:
                    for name, head in cursor.all("SELECT log, seq FROM log_head"):
                        with self._lock:
                            self._read(cursor, name, head)
            except Unavailable as error:
                log.warning("follower waits for the database", extra={"error": str(error)})
            # A fault of ours must not end the streams of every desk: it is told, and tried again.
            except Exception:
                log.exception("unexpected fault of the follower")

    def _read(self, cursor: Cursor, name: str, head: int) -> None:
        at = self._heads.get(name, 0)
        while at < head:
            upto = min(head, at + PAGE)
            found = [(seq, self._message(cursor, name, seq)) for seq in range(at + 1, upto + 1)]
            self._publish([(name, seq, data) for seq, data in found if data is not None])
            self._heads[name] = at = upto

    def _message(self, cursor: Cursor, name: str, seq: int) -> bytes | None:
        if (own := self._own.pop((name, seq), None)) is not None:
            return own
        row = cursor.one(
            "SELECT id, at, actor, command, undoes FROM act WHERE log = ? AND seq = ?", (name, seq)
        )
        if row is None:
            # The desks notice the gap and read the state anew, which is all that can be done for them.
            log.error("the log has a gap", extra={"log": name, "seq": seq})
            return None
        return codec.encode(
            codec.Message(
                log=name,
                seq=seq,
                at=row[1],
                actor=row[2],
                act=row[0],
                command=row[3],
                changes=record.changes_now(cursor, name, seq),
                undoes=row[4],
            )
        )

    def _listen(self) -> None:
        while not self._stopped.is_set():
            try:
                for _ in listen(self.database, CHANNEL, POLL_S):
                    if self._stopped.is_set():
                        return
                    self._wake.set()
            except Unavailable as error:
                log.warning("listener reconnects", extra={"error": str(error)})
                self._wake.wait(POLL_S)
