"""The routes of the customer's page: see the order, answer, look at its photos."""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dispatcher_app import clock
from dispatcher_app.domain.act import Act, Actor, Rejected
from dispatcher_app.domain.command import MarkRead
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.talk import Attachment, seen_by, shown_to
from dispatcher_app.domain.technician import Technician
from dispatcher_app.server import link
from dispatcher_app.server.body import bytes_of
from dispatcher_app.server.files import portrait as pictures
from dispatcher_app.server.files import serve
from dispatcher_app.server.notices.asked import link_asked
from dispatcher_app.server.pages import form, gate
from dispatcher_app.server.pages.render import headers, page
from dispatcher_app.server.pages.view import SHOWN_PHOTOS, Facts, gathered, shown
from dispatcher_app.server.pages.word import preferred, refusal
from dispatcher_app.server.request import node_of, read
from dispatcher_app.server.store import about, record
from dispatcher_app.server.store.database import Cursor, Unavailable
from dispatcher_app.text import Language

log = logging.getLogger(__name__)


def language_of(request: Request) -> Language:
    """The language of the reader."""
    return preferred(request.query_params.get("lang"), request.headers.get("accept-language", ""))


def opened(request: Request) -> link.Opened:
    """What the link opens; raises what `unwelcome` shows."""
    node, token = node_of(request), request.path_params["token"]
    if "\0" in request.url.path or "\0" in request.path_params.get("id", ""):
        raise link.Forged
    who = f"address:{request.client.host if request.client else ''}"
    node.door.check(gate.GUESSES, who)
    try:
        found = link.opened(node.vault, token, clock.now_ms())
    except (link.Forged, link.Expired):
        node.door.count(gate.GUESSES, who)
        raise
    node.door.count(gate.SENDS if request.method == "POST" else gate.READS, f"{request.method}:{found.order}")
    return found


async def show(request: Request) -> Response:
    """GET /t/{token}: the order as its customer sees it."""
    try:
        return await order_page(request, opened(request))
    except Unavailable:
        return away(request)


async def order_page(request: Request, found: link.Opened, status: int = 200, trouble: str = "") -> Response:
    """The page of an order, with what could not be done where something could not."""
    node, language, token = node_of(request), language_of(request), request.path_params["token"]
    facts: Facts | None = await read(request, lambda cursor: gathered(cursor, found.order))
    if facts is None:
        raise link.Expired
    if found.speaks:
        has_read(request, facts)
    said = request.query_params.get("said", "")
    return page(
        "order.html", language, status, token=token, trouble=trouble,
        said=f"said.{said}" if said in (*form.COMMANDS, form.LINK) and not trouble else "",
        seal=lambda: form.sealed(node.vault, token),
        **shown(facts, language, clock.now_ms(), speaks=found.speaks),
    )  # fmt: skip


def has_read(request: Request, facts: Facts) -> None:
    """Messages count as read once a person opens the page; what only previews a link does not say that it navigates."""
    order, seen = facts.order, [each for each in facts.messages if seen_by(each, "customer")]
    if not seen or order.talk is None or not order.talk.customer:
        return
    if request.method != "GET" or request.headers.get("sec-fetch-mode") != "navigate":
        return
    act = Act(
        id=clock.derived_id("page-read", order.id, seen[-1].id), actor=Actor(kind="link", id=order.id),
        at=clock.now_ms(), region=order.region, command=MarkRead(order=order.id, party="customer", upto=seen[-1].id),
    )  # fmt: skip
    # Nobody waits for it: refused or lost, it is said again the next time.
    node_of(request).executor.submit(act)


async def send(request: Request) -> Response:
    """POST /t/{token}/{what}: the customer's word; then the page anew, so that going back sends nothing again."""
    try:
        return await taken(request)
    except Unavailable:
        return away(request)


async def taken(request: Request) -> Response:
    """What the customer says, checked and decided."""
    found, what, token = opened(request), request.path_params["what"], request.path_params["token"]
    node, language, order = node_of(request), language_of(request), found.order
    if not own_page(request):
        raise form.FormForged
    fields = form.fields_of(await bytes_of(request, form.FORM_LIMIT))
    id = form.checked(node.vault, token, fields)
    entity = await read(request, lambda cursor: record.load(cursor, "order", order))
    if entity is None:
        raise link.Expired
    try:
        if what == form.LINK:
            await link_sent(request, order, id)
            return back(token, what, language)
        if not found.speaks:
            raise Rejected("link_follows", None)
        act = Act(
            id=id, actor=Actor(kind="link", id=order), at=clock.now_ms(), region=entity.region,
            command=form.command_of(what, order, fields),
        )  # fmt: skip
        await asyncio.wrap_future(node.executor.submit(act))
    except Rejected as rejected:
        words = refusal(rejected.code, {**rejected.params, "field": rejected.field or ""}, language)
        return await order_page(request, found, 422, words)
    return back(token, what, language)


def back(token: str, what: str, language: Language) -> Response:
    """To the page anew, which says what was done."""
    return RedirectResponse(f"/t/{token}?{urlencode({'said': what, 'lang': language})}", 303, headers())


async def link_sent(request: Request, order: str, key: str) -> None:
    """Send the link that answers to the number on file; raises Rejected where there is none."""
    node = node_of(request)
    node.door.count(gate.LINKS, f"link:{order}")
    refused = await asyncio.wrap_future(
        node.executor.run(lambda cursor: link_asked(cursor, order, key, clock.now_ms()))
    )
    if refused is not None:
        raise refused
    log.info("link sent to the customer, as asked on the page", extra={"order": order})


def own_page(request: Request) -> bool:
    """Whether a form was sent from a page of this host, as far as the browser says."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")


async def photo(request: Request) -> Response:
    """GET /t/{token}/photo/{id}: a photo or video that the customer may see; with `small` its thumbnail."""
    order, id = opened(request).order, request.path_params["id"]
    found: Any = await read(request, lambda cursor: customers_photo(cursor, order, id))
    if found is None:
        raise Rejected("not_found", "id", kind="attachment", id=id[:64])
    small = "small" in request.query_params and not found.media.startswith("video/")
    return await serve.streamed(
        node_of(request), found, "thumb" if small else "view", request.headers.get("range")
    )


def customers_photo(cursor: Cursor, order: str, id: str) -> Attachment | None:
    """A photo or video of the order that is the customer's to see: by what it is of, or because he was sent it."""
    found = record.load(cursor, "attachment", id)
    if not isinstance(found, Attachment) or found.order != order or found.removed is not None:
        return None
    if found.purpose in SHOWN_PHOTOS and shown_to(found, "customer"):
        return found
    said = any(id in each.attachments for each in about.messages(cursor, order) if seen_by(each, "customer"))
    return found if said else None


async def portrait(request: Request) -> Response:
    """GET /t/{token}/technician: the picture of whoever comes."""
    id = opened(request).order

    def coming(cursor: Cursor) -> Any:
        order = record.load(cursor, "order", id)
        return record.load(cursor, "technician", order.technician or "") if isinstance(order, Order) else None

    found = await read(request, coming)
    if not isinstance(found, Technician):
        raise Rejected("not_found", "technician", kind="portrait", id=id)
    return await pictures.shown(node_of(request), found)


async def unwelcome(request: Request, error: Exception) -> Response:
    """A link that opens nothing: said kindly, and nothing about why it is worth nothing."""
    name, status = {
        link.Expired: ("expired", 410),
        gate.TooOften: ("often", 429),
        form.FormForged: ("form", 400),
    }.get(type(error), ("forged", 404))
    return page("gone.html", language_of(request), status, name=name)


def away(request: Request) -> Response:
    """The database can't serve now."""
    return page("gone.html", language_of(request), 503, name="away")


ROUTES = [
    Route("/t/{token}", show),
    Route("/t/{token}/photo/{id}", photo),
    Route("/t/{token}/technician", portrait),
    Route("/t/{token}/{what}", send, methods=["POST"]),
]
HANDLERS: dict[Any, Any] = {
    link.Forged: unwelcome,
    link.Expired: unwelcome,
    gate.TooOften: unwelcome,
    form.FormForged: unwelcome,
}
