"""Running a node: alone on a desk's own computer, or as one of several in the middle."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from filelock import FileLock, Timeout

from dispatcher_app import clock, codec, journal
from dispatcher_app.integrations.payments.port import Provider
from dispatcher_app.integrations.payments.practice import Practice
from dispatcher_app.integrations.payments.setting import BadPayments, opened
from dispatcher_app.integrations.payout import PayoutGateway
from dispatcher_app.integrations.webhook import BadAddress
from dispatcher_app.server import practice, setup
from dispatcher_app.server.app import make_app
from dispatcher_app.server.files.store import BadStore
from dispatcher_app.server.node import Node, open_node
from dispatcher_app.server.notices.means import means
from dispatcher_app.server.store.database import TooOld, Unavailable
from dispatcher_app.server.travels import Travels, setting_of
from dispatcher_app.server.vault import WrongKey
from dispatcher_app.text import DEFAULT, Language

log = logging.getLogger(__name__)

ALREADY_RUNNING = 3
DATABASE_TOO_NEW = 4
NO_DATABASE = 5
WRONG_KEY = 6
CANT_LISTEN = 7
NO_LOCAL_TOKEN = 8
BAD_ADDRESS = 9
NO_STORE = 10
BAD_PAYMENTS = 11

SWITCH_S = 0.001
"""So often threads that compute give way: the writer wants the interpreter back after every statement."""
YOUNG = 5_000
"""So many new objects are looked through for cycles at once; what is read and answered leaves hardly any."""


class CantListen(Exception):
    """The address is taken, or is none of this computer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """How a node is to run."""

    url: str
    data: Path
    host: str = "127.0.0.1"
    port: int = 0
    embedded: bool = False
    practice: bool = False
    files: str | None = None
    public: str = ""
    notices: str = ""
    language: Language = DEFAULT
    plans: bool = True
    travel: str = ""
    osrm: str = ""
    payments: str = ""
    payouts: str = ""


PAYOUTS_SECRET = "DISPATCHER_PAYOUTS_SECRET"
"""The environment's name for the secret that payouts are signed with; it is never an argument, where others see it."""


def sqlite_url(data: Path) -> str:
    """The database of a data folder."""
    return f"sqlite:///{data / 'dispatcher.db'}"


def serve(serving: Serving) -> int:
    """Run until told to stop; returns the exit code."""
    serving.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(serving.data / "server.lock")
    if not serving.embedded:
        journal.set_up()
        return run(serving, None) if serving.url.startswith("postgresql") else locked(serving, lock, None)
    journal.set_up(file=serving.data / "server.log")
    if not (local_token := sys.stdin.readline().strip()):
        say({"error": "no_local_token"})
        return NO_LOCAL_TOKEN
    return locked(serving, lock, local_token)


def locked(serving: Serving, lock: FileLock, local_token: str | None) -> int:
    """Run as the only server of a data folder."""
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say({"running": True})
        return ALREADY_RUNNING
    try:
        return run(serving, local_token)
    finally:
        lock.release()


def run(serving: Serving, local_token: str | None) -> int:
    """Open the database, listen, and serve; says where in one line on standard output."""
    try:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            return runner.run(main(serving, local_token))
    except TooOld as error:
        say({"error": "database_too_new", "detail": str(error)})
        return DATABASE_TOO_NEW
    except WrongKey as error:
        say({"error": "wrong_key", "detail": str(error)})
        return WRONG_KEY
    except BadAddress as error:
        say({"error": "bad_address", "detail": str(error)})
        return BAD_ADDRESS
    except BadPayments as error:
        say({"error": "bad_payments", "detail": str(error)})
        return BAD_PAYMENTS
    except CantListen as error:
        say({"error": "cant_listen", "detail": str(error)})
        return CANT_LISTEN
    except BadStore as error:
        say({"error": "no_store", "detail": str(error)})
        return NO_STORE
    except (Unavailable, OSError) as error:
        log.error("server can't start", exc_info=error)
        say({"error": "no_database", "detail": journal.masked(str(error))})
        return NO_DATABASE


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The faster loop where it exists; Windows has none."""
    if sys.platform == "win32":
        return None
    import uvloop

    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


def payments_of(serving: Serving, public: str) -> Mapping[str, Provider]:
    """The providers of the settings; in the practice city some that only play; else none. Raises BadPayments."""
    if serving.payments:
        return opened(Path(serving.payments), public)
    return {"wechat": Practice("wechat"), "alipay": Practice("alipay")} if serving.practice else {}


async def main(serving: Serving, local_token: str | None) -> int:
    """The life of a node."""
    loop = asyncio.get_running_loop()
    # On the desk's own computer nobody outside could follow a link.
    telling = means(serving.notices, "" if serving.embedded else serving.public, serving.language)
    travel = setting_of(serving.travel, serving.osrm)
    payments = payments_of(serving, telling.public)
    payouts = PayoutGateway(serving.payouts, os.environ.get(PAYOUTS_SECRET, "")) if serving.payouts else None
    node = await asyncio.to_thread(
        open_node,
        serving.url,
        serving.data / "secret.key",
        loop,
        local_token=local_token,
        practice=serving.practice,
        files=serving.files,
    )
    node.means = telling
    node.payments = payments
    node.payouts = payouts
    node.keeps_plan = serving.plans
    node.travels = await asyncio.to_thread(Travels, travel, serving.data)
    if serving.practice and await asyncio.to_thread(setup.needed, node):
        await asyncio.to_thread(practice.build, node, clock.now_ms())
    family = socket.AF_INET6 if ":" in serving.host else socket.AF_INET
    # Named protocol: else asyncio leaves Nagle's algorithm on and every answer waits 40 ms for an acknowledgement.
    make_way()
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((serving.host, serving.port))
    except OSError as error:
        await asyncio.to_thread(node.close)
        raise CantListen(str(error)) from error
    host = f"[{serving.host}]" if family == socket.AF_INET6 else serving.host
    url = f"http://{host}:{listener.getsockname()[1]}"
    config = uvicorn.Config(
        make_app(node, serving.data / "backups"),
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=75,
        server_header=False,
    )
    server = Announcing(config, serving, url, node)
    if serving.embedded:
        threading.Thread(target=stop_at_end_of_input, args=(server,), daemon=True).start()
    await server.serve(sockets=[listener])
    return 0


def make_way() -> None:
    """Let the planner's thinking and the search for cycles hold nobody's answer up."""
    sys.setswitchinterval(SWITCH_S)
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
    gc.collect()
    gc.freeze()  # what is there now stays as long as the node


class Announcing(uvicorn.Server):
    """A server that says where it is once it listens."""

    def __init__(self, config: uvicorn.Config, serving: Serving, url: str, node: Node) -> None:
        super().__init__(config)
        self.serving = serving
        self.url = url
        self.node = node

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        found = {"url": self.url, "pid": os.getpid(), "protocol": codec.PROTOCOL}
        if self.serving.embedded:
            write_private(
                self.serving.data / "server.json", json.dumps({**found, "local_token": self.node.local_token})
            )
        say(found)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Streams never end by themselves: waiting for them would use up the whole time for stopping.
        self.node.hub.close()
        await super().shutdown(sockets)


def stop_at_end_of_input(server: uvicorn.Server) -> None:
    """The desk that started this server is gone when standard input ends."""
    while sys.stdin.readline():
        pass
    server.should_exit = True


def write_private(file: Path, text: str) -> None:
    """A file that only its owner may read, whole or not at all."""
    unfinished = file.with_name(file.name + ".part")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made:
        made.write(text)
    unfinished.replace(file)


def say(found: dict[str, object]) -> None:
    """One JSON line for whoever started this."""
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
