"""The list of complaints: what presses first stands first, and no row moves away under the caret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import QItemSelectionModel, QObject, QPersistentModelIndex
from PySide6.QtWidgets import QApplication, QTableView

from dispatcher_app.client.state import Changed
from dispatcher_app.domain.calendar import HOUR_MS, MINUTE_MS
from dispatcher_app.domain.money.complaint import Complaint
from dispatcher_app.domain.region import Staff
from tests.domain.trade import NOW, TIMEZONE
from ui.complaint.model import ID, ComplaintModel, Wanted, in_view
from ui.complaint.sift import VIEWS

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session
    from dispatcher_app.rows import OrderRow

MADE = Complaint(
    id="k1", region="sh", order="o1", customer="c1", source="phone", categories=("late",), at=NOW, by="staff:wang",
    answer_due=NOW + 30 * MINUTE_MS, solve_due=NOW + 24 * HOUR_MS,
)  # fmt: skip


@dataclass
class Seat:
    """What the list asks of a session."""

    found: dict[str, Complaint] = field(default_factory=dict)
    region_id: str = "sh"
    timezone: str = TIMEZONE
    at: int = NOW
    staff: Staff = Staff(id="sun", name="孙丽", roles=("complaints",), regions=("sh",))  # noqa: RUF009
    told: list[Callable[[Changed], Any]] = field(default_factory=list)

    def all(self, _type: type[Any]) -> list[Complaint]:
        return [self.found[id] for id in sorted(self.found)]

    def get(self, type_: type[Any], id: str) -> Any:
        return self.found.get(id) if type_ is Complaint else None

    def order_row(self, _id: str) -> OrderRow | None:
        return None

    def now(self) -> int:
        return self.at

    def subscribe(self, *, changed: Callable[[Changed], Any]) -> Callable[[], None]:
        self.told.append(changed)
        return lambda: self.told.remove(changed)

    def put(self, *complaints: Complaint) -> None:
        self.found.update({each.id: each for each in complaints})


@pytest.fixture
def seat() -> Seat:
    made = Seat()
    made.put(MADE, replace(MADE, id="k2", order="o2", answer_due=NOW + 40 * MINUTE_MS))
    return made


def listed(model: ComplaintModel) -> list[str]:
    return [model.index(row, 0).data(ID) for row in range(model.rowCount())]


def test_rows_come_go_and_change_places_and_the_caret_stays_on_its_complaint(
    qapp: QApplication, seat: Seat
) -> None:
    parent = QObject()
    model = ComplaintModel(cast("Session", seat), tuple(VIEWS), parent)
    table = QTableView()
    table.setModel(model)
    flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    table.selectionModel().setCurrentIndex(model.index(1, 0), flags)
    held = QPersistentModelIndex(table.currentIndex())
    seat.put(replace(MADE, id="k3", answer_due=NOW + MINUTE_MS))
    model.refresh()
    assert listed(model) == ["k3", "k1", "k2"]
    assert table.currentIndex().data(ID) == held.data(ID) == "k2"
    # Answered, it is due later than the others, and another one has gone.
    seat.put(replace(MADE, answered_at=NOW, state="in_progress"), replace(MADE, id="k3", region="bj"))
    model.refresh()
    assert listed(model) == ["k2", "k1"]
    assert table.currentIndex().data(ID) == held.data(ID) == "k2"
    assert not model.moving


def test_views_severity_owner_and_words_narrow_the_list(qapp: QApplication, seat: Seat) -> None:
    parent = QObject()
    model = ComplaintModel(cast("Session", seat), tuple(VIEWS), parent)
    counts: list[dict[str, int]] = []
    model.counted.connect(counts.append)
    seat.put(
        replace(MADE, id="k3", owner="sun", state="in_progress", severity="urgent", answered_at=NOW),
        replace(MADE, id="k4", state="closed", closed_at=NOW, answered_at=NOW, categories=("price",)),
        replace(MADE, id="k5", state="resolved", answered_at=NOW, contact_at=NOW - 1),
    )
    model.refresh()
    assert counts[-1] == {
        "open": 4, "unanswered": 2, "overdue": 1, "mine": 1, "free": 2, "waiting": 0, "call_back": 1, "closed": 1,
    }  # fmt: skip
    for wanted, expected in (
        (Wanted(view="closed"), {"k4"}), (Wanted(severity="urgent"), {"k3"}), (Wanted(owner="sun"), {"k3"}),
        (Wanted(view="closed", text="乱收"), {"k4"}), (Wanted(text="乱收"), set()), (Wanted(view="overdue"), {"k5"}),
    ):  # fmt: skip
        model.show(wanted)
        assert set(listed(model)) == expected, wanted


@pytest.mark.parametrize("view", VIEWS)
def test_what_is_closed_is_listed_among_the_closed_alone(seat: Seat, view: str) -> None:
    closed = replace(MADE, state="closed", closed_at=NOW, answered_at=NOW, owner="sun")
    assert in_view(cast("Session", seat), closed, view) == (view == "closed")
