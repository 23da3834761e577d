"""`dispatcher`: the desktop; `dispatcher server`: a backend; `dispatcher admin`: its keeper's tools."""

from __future__ import annotations

import argparse
import os
import sys
from multiprocessing import freeze_support
from pathlib import Path
from typing import NoReturn

from dispatcher_app import text


def parser() -> argparse.ArgumentParser:
    """What can be asked for on the command line."""
    top = argparse.ArgumentParser(prog="dispatcher", description="Dispatch center for on-site repair")
    commands = top.add_subparsers(dest="command", metavar="{desk,wall,demo,server,admin,city}")
    desk = commands.add_parser("desk", help="the desktop (also without any command)")
    desk.add_argument("--profile", help="name of a server profile")
    wall = commands.add_parser("wall", help="the day on large screens: map, exceptions, teams, figures")
    wall.add_argument("--profile", help="name of a server profile")
    demo = commands.add_parser("demo", help="play one booking on two desks and leave pictures and a report")
    demo.add_argument("--out", type=Path, default=Path("out"))
    demo.add_argument("--language", choices=text.LANGUAGES, default=text.DEFAULT)
    commands.add_parser("demo-desk")  # one of the demo's desks; not for people, so it has no help
    commands.add_parser("look")  # a server's hand for looking at uploaded files; not for people either
    commands.add_parser("improve")  # a server's hand for improving plans; nor this
    server = commands.add_parser("server", help="run a backend")
    server.add_argument("--db", help="sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME")
    server.add_argument("--data", type=Path, required=False, help="folder for key, log and a SQLite database")
    server.add_argument("--files", help="where photos and videos go: a folder, or s3://BUCKET/FOLDER")
    server.add_argument("--host", default="127.0.0.1")
    server.add_argument("--port", type=int, default=0)
    server.add_argument("--embedded", action="store_true", help="as the child of a desk on this computer")
    server.add_argument(
        "--practice", action="store_true", help="make a practice city where there is nothing yet"
    )
    server.add_argument(
        "--public", help="address that customers reach this server at: their links begin with it"
    )
    server.add_argument(
        "--notices", metavar="URL", help="gateway that notices go to (DISPATCHER_NOTICES_SECRET)"
    )
    server.add_argument(
        "--travel",
        metavar="SOURCES",
        help="who is asked for travel times, in turn: amap,osrm,road (that order)",
    )
    server.add_argument(
        "--osrm", metavar="URL", help="OSRM server (AMap: DISPATCHER_AMAP_KEY in the environment)"
    )
    server.add_argument(
        "--payments", metavar="FILE", help="settings of WeChat Pay and Alipay, with the names of key files"
    )
    server.add_argument(
        "--payouts", metavar="URL", help="gateway that pays technicians out (DISPATCHER_PAYOUTS_SECRET)"
    )
    server.add_argument(
        "--no-planner",
        action="store_true",
        help="leave the keeping of the plan to another node (DISPATCHER_PLANNER=off)",
    )
    server.add_argument("--notice-language", choices=text.LANGUAGES, default=text.DEFAULT)
    city = commands.add_parser("city", help="road maps that travel times are reckoned on", add_help=False)
    city.add_argument("rest", nargs=argparse.REMAINDER)
    admin = commands.add_parser("admin", help="users, backups, checks, imports", add_help=False)
    admin.add_argument("rest", nargs=argparse.REMAINDER)
    return top


def main(argv: list[str] | None = None) -> int:
    """Run what the command line asks for; returns the exit code."""
    freeze_support()
    asked = parser().parse_args(argv)
    if asked.command == "server":
        from dispatcher_app.server.serve import Serving, serve, sqlite_url

        data = asked.data or Path("dispatcher-data")
        return serve(
            Serving(
                url=asked.db or sqlite_url(data),
                data=data,
                files=asked.files,
                host=asked.host,
                port=asked.port,
                embedded=asked.embedded,
                practice=asked.practice,
                plans=not asked.no_planner and os.environ.get("DISPATCHER_PLANNER") != "off",
                public=asked.public or os.environ.get("DISPATCHER_PUBLIC", ""),
                notices=asked.notices or os.environ.get("DISPATCHER_NOTICES", ""),
                language=asked.notice_language,
                travel=asked.travel or os.environ.get("DISPATCHER_TRAVEL", ""),
                payments=asked.payments or os.environ.get("DISPATCHER_PAYMENTS", ""),
                payouts=asked.payouts or os.environ.get("DISPATCHER_PAYOUTS", ""),
                osrm=asked.osrm or os.environ.get("DISPATCHER_OSRM", ""),
            )
        )
    if asked.command == "look":
        from dispatcher_app.server.files.look import main as look

        return look()
    if asked.command == "improve":
        from dispatcher_app.planning.worker import main as improve

        return improve()
    if asked.command == "city":
        from dispatcher_app.server.city import main as keep_cities

        return keep_cities(asked.rest)
    if asked.command == "admin":
        from dispatcher_app.server.admin import main as administer

        return administer(asked.rest)
    if asked.command == "demo":
        from ui.demo import main as play

        return play(asked.out, asked.language)
    if asked.command == "demo-desk":
        from ui.demo.puppet import main as be_played

        return be_played()
    from ui.app import run

    return run(getattr(asked, "profile", None), wall=asked.command == "wall")


def program() -> NoReturn:
    """The whole process: runs `main` and ends with its code."""
    code = main()
    if "obstore" in sys.modules:
        # WORKAROUND: its threads may still let go of Python's objects while the interpreter takes itself apart, and
        # then one exit in five is an abort. Everything is done and closed by now; only what was said must get out.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    program()
