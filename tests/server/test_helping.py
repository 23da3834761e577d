"""Whoever comes along to a visit sees it on his telephone, with whom he goes; only the one who leads acts."""

from collections.abc import Callable

from dispatcher_app.domain import command as c
from tests.server.city import Place, assign, book, tomorrow
from tests.server.desk import desk
from tests.server.phone import order_in, phone
from tests.server.process import Server


def test_a_helper_sees_when_and_with_whom_he_goes(place: Place, launch: Callable[..., Server]) -> None:
    server = launch(place)
    with (
        desk(server.url) as wang,
        phone(server.url, place, "sh-t0") as lead,
        phone(server.url, place, "sh-t1") as helper,
    ):
        wang.do(book(order="order-1"))
        sent = assign("order-1")
        wang.do(c.AssignTechnician(order="order-1", technician="sh-t0", start=sent.start, helpers=("sh-t1",)))
        row = order_in(helper.mine()["helping"], "order-1")
        assert row is not None
        assert (row["start"], row["lead"]) == (sent.start, "李0工")
        assert tomorrow(0) < row["end"]
        assert lead.mine()["helping"] == []
        refused = helper.send(c.Depart(order="order-1", technician="sh-t1"))
        assert refused.status_code >= 400
        wang.do(c.UnassignTechnician(order="order-1", from_technician="sh-t0"))
        assert helper.mine()["helping"] == []
