"""Bodies written by an older program: read, and told to desks, in the present shape."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dispatcher_app import codec
from dispatcher_app.domain.rating import average
from dispatcher_app.domain.talk import Figures
from dispatcher_app.domain.technician import Technician
from dispatcher_app.server.store import query, record
from tests.server.city import Gate


def old(**changes: Any) -> dict[str, Any]:
    made = {
        "id": "t", "region": "sh", "version": 3, "name": "李师傅", "home": {"lon": 121.4, "lat": 31.2}, "rating": 4.7,
        "credit": 91,
    }  # fmt: skip
    return {**made, **changes}


def read(body: dict[str, Any]) -> Technician:
    found = codec.entity("technician", json.dumps(body), 1)
    assert isinstance(found, Technician)
    return found


def test_stars_of_an_older_body_become_figures_that_say_the_same() -> None:
    found = read(old())
    assert (average(found.figures), found.figures.reviews, found.credit) == (4.7, 10, 91)


@pytest.mark.parametrize("body", [old(rating=5.0), {k: v for k, v in old().items() if k != "rating"}])
def test_the_stars_of_somebody_never_judged_become_no_reviews(body: dict[str, Any]) -> None:
    assert read(body).figures == Figures()


def test_reviews_that_were_counted_already_are_kept() -> None:
    counted = {"reviews": 2, "stars": 9, "skill": 9, "attitude": 9, "efficiency": 9, "solved": 2}
    assert read(old(figures=counted)).figures == Figures(
        reviews=2, stars=9, skill=9, attitude=9, efficiency=9, solved=2
    )


def test_desks_are_told_older_bodies_in_the_present_shape(gate: Gate) -> None:
    with gate.database.reading() as cursor:
        stored = cursor.one("SELECT seq, body FROM entity WHERE kind = 'technician' AND id = 'sh-t1'")
        assert stored is not None
    body = json.loads(stored[1])
    del body["figures"]
    with gate.database.writing() as cursor:
        cursor.run(
            "UPDATE entity SET schema = 1, body = ? WHERE kind = 'technician' AND id = 'sh-t1'",
            (json.dumps({**body, "rating": 4.2}),),
        )
    with gate.database.reading() as cursor:
        page = query.changes(cursor, "sh", 0, 2000)["changes"]
        told = [each["body"] for each in page if each["id"] == "sh-t1"]
        told += [each.body for each in record.changes_now(cursor, "sh", stored[0]) if each.id == "sh-t1"]
    assert len(told) == 2
    for each in told:
        said = json.loads(bytes(each))
        assert (said["figures"]["stars"], "rating" in said) == (42, False)
