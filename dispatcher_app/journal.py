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

NUMBERS = re.compile(r"(?<![\w-])(\+?\d{3})[\d\s-]{3,}(\d{4})(?![\w-])")
"""Whatever could be a telephone, identity or bank number: digits enough, not part of a word or an identifier."""

WORDS = re.compile(r"(?i)(bearer\s+|\"?(?:password|token|phone|door_code)\"?\s*[:=]\s*\"?)[^\s\",}]+")


def masked(text: str) -> str:
    """The text with the middle of every number and every secret word hidden."""
    return NUMBERS.sub(lambda found: found[1] + "****" + found[2], WORDS.sub(r"\1****", text))


def mask(_logger: object, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide what nobody may read in a log, wherever in the event it stands."""
    return {key: hidden(value) if key != "timestamp" else value for key, value in event.items()}


def hidden(value: Any) -> Any:
    """A value for the log: texts masked, everything nested too, other things as text."""
    if isinstance(value, bool | int | float) or value is None:
        return (
            value
            if not isinstance(value, int) or abs(value) < 10**9 or 10**12 < value < 10**13
            else masked(str(value))
        )
    if isinstance(value, dict):
        return {str(key): hidden(each) for key, each in value.items()}
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
