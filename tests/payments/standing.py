"""A provider's server of our own on loopback: checks what comes in, and misbehaves when told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Said:
    """An answer as bytes with its headers."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class House:
    """What came in, and how the next requests are to be answered: a fault each ("" is none), or by path for good."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)
    forged: int = 0
    released: threading.Event = field(default_factory=threading.Event)
    came: threading.Event = field(default_factory=threading.Event)

    def fault(self, what: str) -> str:
        """How to answer this one."""
        if self.faults:
            return self.faults.pop(0)
        return next((fault for part, fault in self.broken.items() if part in what), "")


Service = Callable[[str, str, bytes, Mapping[str, str]], Said]


@contextmanager
def standing(house: House, service: Service) -> Iterator[None]:
    """The service at an address, which `house.url` then holds."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.serve()

        def do_POST(self) -> None:
            self.serve()

        def serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            said = service(self.command, self.path, body, headers)
            house.came.set()
            try:
                self.send_response(said.status)
                for name, value in said.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(said.body)))
                self.end_headers()
                self.wfile.write(said.body)
            except OSError:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """The server of a test says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    house.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield
    finally:
        house.released.set()
        server.shutdown()
        thread.join()
        server.server_close()
