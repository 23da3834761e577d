"""Pages from templates, with headers that let them do nothing but be read and sent."""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import Response

from dispatcher_app import text
from dispatcher_app.server.pages.word import say
from dispatcher_app.text import Language

FOLDER = Path(__file__).parent / "templates"


@functools.cache
def environment() -> Environment:
    """The templates, read once; every value is escaped, a missing one is a fault."""
    made = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=select_autoescape(["html"]), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals["style"] = style()
    return made


@functools.cache
def style() -> str:
    """The one sheet, which travels with each page: one request is quicker than two on a telephone."""
    return (FOLDER / "page.css").read_text(encoding="utf-8")


@functools.cache
def headers() -> dict[str, str]:
    """Nobody keeps, frames, indexes or runs anything of a page; its address goes to nobody else."""
    sheet = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return {
        "cache-control": "no-store",
        "content-security-policy": (
            f"default-src 'none'; style-src 'sha256-{sheet}'; img-src 'self'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        ),
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
        "x-robots-tag": "noindex, nofollow, noarchive",
        "vary": "Accept-Language",
    }


def page(template: str, language: Language, status: int = 200, **values: Any) -> Response:
    """A page in a language."""
    other = next(each for each in text.LANGUAGES if each != language)
    body = (
        environment()
        .get_template(template)
        .render(say=functools.partial(say, language=language), language=language, other=other, **values)
    )
    return Response(body, status, {**headers(), "content-language": language.replace("_", "-")}, "text/html")
