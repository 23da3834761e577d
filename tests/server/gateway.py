"""A stand-in for whoever carries notices: checks every signature, keeps each id once, misbehaves when told."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "a-secret-shared-with-the-gateway"


@dataclass
class Gateway:
    """What came in, what was taken, and how the next requests are to be answered."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    forged: int = 0
    came: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def texts(self, to: str | None = None) -> list[str]:
        """What was taken, for one number or all."""
        return [each["text"] for each in self.taken.values() if to is None or each["to"] == to]

    def whats(self) -> list[str]:
        """What was taken, by its name."""
        return [each["what"] for each in self.taken.values()]


@contextmanager
def gateway() -> Iterator[Gateway]:
    """A gateway that listens."""
    made = Gateway()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if not genuine(self.headers["x-dispatcher-signature"], body):
                made.forged += 1
                self.say(401, {"error": "signature"})
                return
            notice = json.loads(body)
            made.asked.append(notice)
            made.came.set()
            self.answer(notice, self.headers["idempotency-key"], made.faults.pop(0) if made.faults else "")

        def answer(self, notice: dict[str, Any], key: str, fault: str) -> None:
            accepted = {"id": notice["id"], "state": "accepted", "reference": f"ref-{len(made.taken)}"}
            if fault == "down":
                return self.say(500, {"error": "down"})
            if fault == "bad_number":
                return self.say(400, {"error": "number"})
            if fault == "refused":
                return self.say(200, {**accepted, "state": "refused"})
            if fault == "other_answer":
                return self.say(200, {**accepted, "id": "another"})
            if fault == "no_json":
                return self.say(200, None)
            if fault == "duplicate":
                return self.say(409, {"error": "known"})
            made.taken.setdefault(key, notice)
            if fault == "slow":
                made.released.wait(30)
            return self.say(200, accepted)

        def say(self, status: int, body: dict[str, Any] | None) -> None:
            data = json.dumps(body).encode() if body is not None else b"<html>?</html>"
            try:
                self.send_response(status)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """A gateway of a test says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}/notices"
    try:
        yield made
    finally:
        made.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def genuine(header: str, body: bytes) -> bool:
    """Whether a body is signed with our secret, as the gateway's maker would check it."""
    parts = dict(each.split("=", 1) for each in header.split(","))
    made = hmac.new(SECRET.encode(), f"{parts['t']}.".encode() + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(parts["v1"], made)
