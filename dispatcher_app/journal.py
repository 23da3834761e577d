"""The program's own log: one JSON line an event, in which no telephone number ever stands."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import MutableMapping
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, TextIO

import structlog

NUMBERS = re.compile(
    r"""(?ix)
    (?P<kept>
        (?<![0-9a-f]) [0-9a-f]{8} (?:-[0-9a-f]{4}){3} -[0-9a-f]{12} (?![0-9a-f])      # a UUID
      | (?<!\d) (?:19|20)\d\d-[01]\d-[0-3]\d (?: [T\ ] [0-2]\d:\d\d [\d:.,]* )? (?!\d)   # a date, with a time
      | (?<![\d-]) \d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]) -\d{4} (?![\d-])        # an order's number
      | (?<![\d+]) (?:1[4-9]|2[0-3])\d{11} (?!\d)                                       # UTC milliseconds
      | (?<![0-9a-z]) (?=[0-9]*[a-f]) [0-9a-f]{16,} (?![0-9a-z])                       # a hash
    )
    | (?P<first>\+?\d{3}) [\d\ ().-]* \d [\ ().-]* (?P<last>\d{4}) (?!\d)
    """
)
"""Whatever could be a telephone, identity or bank number, and what looks like one but must stay readable."""

SECRET = "password|token|local_token|phone|door_code|unit|secret|authorization"
VALUE = r"""(?:'[^']*'|"[^"]*"|[^\s"',})]+)"""
WORDS = re.compile(
    rf"""(?i)((?:['"]?(?:{SECRET})['"]?\s*[:=]\s*['"]?)?bearer\s+|['"]?(?:{SECRET})['"]?\s*[:=]\s*){VALUE}"""
)
LINK = re.compile(r"(?<=/t/)[A-Za-z0-9_-]{12,}")
"""The part of a customer's link that opens it."""
HINTS = ("password", "token", "phone", "door_code", "unit", "secret", "authorization", "bearer")
"""One of these stands in every text in which a secret word could."""
SECRET_KEY = re.compile(f"(?i)(?:{SECRET})")


MOMENTS = range(1_400_000_000_000, 2_400_000_000_000)
"""UTC milliseconds from 2014 to 2046, among which no telephone number with its country code lies."""


def masked(text: str) -> str:
    """The text with the middle of every number and every secret word hidden."""
    # Most lines hold no secret word; looking for all of them at every character takes longer than all the rest.
    folded = text.casefold()
    if "/t/" in text:
        text = LINK.sub("****", text)
    if any(hint in folded for hint in HINTS):
        text = WORDS.sub(r"\1****", text)
    return NUMBERS.sub(hide, text)


def hide(found: re.Match[str]) -> str:
    """A number without its middle."""
    return found[0] if found["kept"] else found["first"] + "****" + found["last"]


def mask(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide what nobody may read in a log, wherever in the event it stands."""
    return {key: hidden(value, key) if key != "timestamp" else value for key, value in event.items()}


def hidden(value: Any, name: str = "") -> Any:
    """A value for the log: texts masked, everything nested too, other things as text."""
    if SECRET_KEY.fullmatch(name):
        return "****"
    if isinstance(value, int) and abs(value) >= 10**7 and value not in MOMENTS:
        return masked(str(value))
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, dict):
        return {str(key): hidden(each, str(key)) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [hidden(each) for each in value]
    return masked(str(value))


def set_up(stream: TextIO | None = None, file: Path | None = None, level: int = logging.INFO) -> None:
    """Write the log to a stream (standard error unless told) or to a file of at most 5 x 5 MB."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            mask,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler: logging.Handler
    if file is None:
        handler = logging.StreamHandler(stream or sys.stderr)
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(file, maxBytes=5_000_000, backupCount=4, encoding="utf-8")
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
