"""A stand-in for whoever pays technicians out: checks every signature, pays each id once, loses answers when told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.server.gateway import genuine


@dataclass
class Payer:
    """What was paid, by id; how often each was sent; what goes wrong with an id that is sent."""

    url: str = ""
    paid: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    sent: list[str] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    holding: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)
    forged: int = 0


@contextmanager
def payer() -> Iterator[Payer]:
    """One that listens."""
    made = Payer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if not genuine(self.headers["x-dispatcher-signature"], body):
                made.forged += 1
                self.say(401, {})
                return
            asked = json.loads(body)
            id = asked["id"]
            fault = self.send(id, asked) if asked["do"] == "send" else ""
            if fault == "lost":
                self.say(500, {})
                return
            if id in made.paid:
                self.say(200, {"id": id, "state": "paid", "reference": f"bk-{id}"})
            elif id in made.refused:
                self.say(200, {"id": id, "state": "failed", "reason": "name_differs"})
            else:
                self.say(200, {"id": id, "state": "absent"})

        def send(self, id: str, asked: dict[str, Any]) -> str:
            made.sent.append(id)
            fault = made.faults.pop(id, "")
            if fault == "down":
                return "lost"
            if fault == "refused":
                made.refused.add(id)
            else:
                made.paid.setdefault(id, asked)
            if fault == "held":
                made.holding.set()
                made.released.wait(60)
            return fault

        def say(self, status: int, answer: dict[str, Any]) -> None:
            data = json.dumps(answer).encode()
            try:
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            except OSError:
                return  # whoever asked has died

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_address[1]}/pay"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.released.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
