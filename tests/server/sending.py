"""Sending files as a desk does: by the published upload protocol (tus 1.0)."""

import base64
import hashlib
from typing import Any

import httpx

from dispatcher_app import clock
from tests.server.city import book
from tests.server.desk import Desk

BYTES = {"tus-resumable": "1.0.0", "content-type": "application/offset+octet-stream"}


def ordered(desk: Desk, number: int = 0) -> str:
    """A new order."""
    order = clock.new_id()
    desk.do(book(number, order=order))
    return order


def announce(
    desk: Desk, order: str, data: bytes, media: str = "image/jpeg", size: int | None = None, **more: Any
) -> httpx.Response:
    """Say what will come."""
    said = {"order": order, "purpose": "fault", "type": media, "name": "空调 室外机.jpg", **more}
    words = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())
    length = str(len(data) if size is None else size)
    headers = {"tus-resumable": "1.0.0", "upload-length": length, "upload-metadata": words}
    return desk.http.post("/uploads", headers=headers)


def begun(desk: Desk, order: str, data: bytes, media: str = "image/jpeg", **more: Any) -> str:
    """The id of an upload that is expected now."""
    answer = announce(desk, order, data, media, **more)
    assert answer.status_code == 201, answer.text
    return answer.headers["location"].rpartition("/")[2]


def patch(desk: Desk, id: str, data: bytes, offset: int = 0) -> httpx.Response:
    """Send bytes."""
    return desk.http.patch(f"/uploads/{id}", content=data, headers={**BYTES, "upload-offset": str(offset)})


def standing(desk: Desk, id: str) -> dict[str, Any]:
    """What became of it, once that is known."""
    while True:
        answer = desk.http.get(f"/uploads/{id}", params={"wait": "20"})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        if found["state"] != "whole":
            return found


def sent(desk: Desk, order: str, data: bytes, media: str = "image/jpeg", **more: Any) -> str:
    """The id of an attachment made of these bytes."""
    id = begun(desk, order, data, media, sha256=hashlib.sha256(data).hexdigest(), **more)
    answer = patch(desk, id, data)
    assert answer.status_code == 204, answer.text
    assert standing(desk, id)["state"] == "done"
    return id


def refused(desk: Desk, order: str, data: bytes, media: str = "image/jpeg", **more: Any) -> str:
    """The code for which these bytes are refused, from the first word or after the last byte."""
    answer = announce(desk, order, data, media, **more)
    if answer.status_code == 201:
        answer = patch(desk, answer.headers["location"].rpartition("/")[2], data)
    assert answer.status_code in (403, 404, 409, 422), answer.text
    code: str = answer.json()["rejected"]
    assert answer.json()["sentence"] != code, f"{code} has no sentence"
    return code


def attachment(desk: Desk, id: str) -> dict[str, Any]:
    """The attachment as every desk gets it."""
    body: dict[str, Any] = desk.state()["attachment", id][1]
    return body
