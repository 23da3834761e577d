"""Every action of a person at the desk, once: its words, its keys, when it is possible, what it submits.

Menus, buttons, the key bar and the command palette all show the same `QAction`s, which `Deck` makes of
this list. An action either has a command (submitted at once) or opens something (`form` or a handler).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from dispatcher_app.domain import role
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import (
    AcceptOrder,
    ClosePool,
    DeclineOrder,
    GrabOrder,
    OfferOrder,
    SetTechnicianStatus,
    UnassignTechnician,
    UrgeOrder,
    WithdrawOffer,
)
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.pool import told_of
from dispatcher_app.domain.technician import Technician, TechnicianStatus
from dispatcher_app.text import t
from ui import icons, name
from ui.action.bench import BENCH
from ui.action.bookkeeping import BOOKKEEPING
from ui.action.cashier import CASHIER
from ui.action.complaining import COMPLAINING
from ui.action.course import COURSE
from ui.action.ease import EASE
from ui.action.honours import HONOURS
from ui.action.lookback import LOOKBACK
from ui.action.past import PAST
from ui.action.promise import PLANNED, pinned
from ui.action.repaying import REPAYING
from ui.action.rota import ROTA
from ui.action.scene import (
    Action,
    Group,
    Scene,
    absent,
    by_life,
    by_order,
    by_role,
    for_candidate,
    open_to,
    step,
    who_may,
)
from ui.action.settling import SETTLING
from ui.action.sight import SIGHT
from ui.action.terrain import TERRAIN
from ui.action.visits import VISITS
from ui.palette import DISABLED_REASON

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

__all__ = ["ACTIONS", "BY_ID", "DRAFTS", "Action", "Deck", "Group", "Scene"]


def _status(status: TechnicianStatus) -> dict[str, Any]:
    def refused(scene: Scene) -> Rejected | None:
        if scene.technician is None:
            return Rejected("no_technician_chosen")
        if scene.technician.status == status:
            return Rejected("is_so_already")
        return by_role(role.DISPATCHES)(scene)

    def command(scene: Scene) -> Any:
        assert scene.technician is not None
        chosen = scene.technician
        return SetTechnicianStatus(technician=chosen.id, from_status=chosen.status, status=status)

    return {"refused": refused, "command": command, "who": role.DISPATCHES}


def _keeps(scene: Scene) -> Rejected | None:
    return by_role(role.KEEPS_TECHNICIANS)(scene) or (
        None if scene.technician else Rejected("no_technician_chosen")
    )


def _edits(scene: Scene) -> Rejected | None:
    return by_role(role.ENTERS_TECHNICIANS)(scene) or (
        None if scene.technician else Rejected("no_technician_chosen")
    )


def _replans(scene: Scene) -> Rejected | None:
    return by_role(role.DISPATCHES)(scene) or (None if absent(scene) else Rejected("no_technician_chosen"))


def _corrects(scene: Scene) -> Rejected | None:
    return by_order(scene) or by_role(role.BOOKS)(scene)


def _offer(scene: Scene) -> Any:
    return scene.order and OfferOrder(order=scene.order.id, technician=scene.candidate or "")


def _unassign(scene: Scene) -> Any:
    return scene.order and UnassignTechnician(
        order=scene.order.id, from_technician=scene.order.technician or ""
    )


def _offered_to(order: Order) -> str:
    return order.offer.technician if order.offer else ""


def _accept(scene: Scene) -> Any:
    order, start = scene.order, scene.start
    if order is None or start is None:
        return None
    return AcceptOrder(order=order.id, technician=_offered_to(order), start=start)


def _decline(scene: Scene) -> Any:
    return scene.order and DeclineOrder(order=scene.order.id, technician=_offered_to(scene.order))


def _withdraw(scene: Scene) -> Any:
    if scene.order is not None and scene.order.pool is not None:
        return ClosePool(order=scene.order.id, since=scene.order.pool.since)
    return scene.order and WithdrawOffer(order=scene.order.id, from_technician=_offered_to(scene.order))


def _to_one(*steps: str) -> dict[str, Any]:
    """Possible where the order is offered to one, not to all in the pool."""
    possible = by_life(*steps)

    def refused(scene: Scene) -> Rejected | None:
        pooled = scene.order is not None and scene.order.pool is not None
        return possible(scene) or (Rejected("in_pool") if pooled else None)

    return {"refused": refused, "who": who_may(*steps)}


_may_grab = by_life("grab")


def _grabs(scene: Scene) -> Rejected | None:
    """Why nobody can say for the technician in hand that he wants it."""
    if (reason := _may_grab(scene)) is not None or scene.order is None:
        return reason
    if scene.order.pool is None:
        return Rejected("not_in_pool")
    if scene.candidate is None:
        return Rejected("no_technician_chosen")
    if told_of(scene.order, scene.candidate) is None:
        return Rejected("not_told", "technician", technician=scene.candidate)
    said = any(each.technician == scene.candidate for each in scene.order.pool.grabs)
    return Rejected("grabbed_already") if said else None


def _grab(scene: Scene) -> Any:
    order, who = scene.order, scene.candidate
    told = told_of(order, who) if order is not None and who is not None else None
    return order and told and GrabOrder(order=order.id, technician=told.technician, start=told.start)


def _urge(scene: Scene) -> Any:
    return scene.order and UrgeOrder(order=scene.order.id)


DRAFTS: Final = tuple(f"draft_{at}" for at in range(1, 6))
"""The actions that take a parked booking up again."""

ACTIONS: Final[tuple[Action, ...]] = (
    Action(id="book", group="desk", text="New booking", icon="book", keys=("F2",), bar=True,
           **open_to(role.BOOKS)),
    Action(id="assign", group="order", text="Assign technician", brief="Assign", icon="assign", keys=("F3",), bar=True,
           **step("assign", "reassign")),
    Action(id="offer", group="order", text="Offer to technician", brief="Offer", icon="state.offered",
           keys=("Ctrl+Shift+O",), **for_candidate("offer"), command=_offer),
    Action(id="accept", group="order", text="Accept on his behalf", brief="Accept", icon="accept",
           keys=("Ctrl+Shift+Y",), **_to_one("accept"), command=_accept),
    Action(id="decline", group="order", text="Decline on his behalf", brief="Decline", icon="decline",
           keys=("Ctrl+Shift+D",), **_to_one("decline"), command=_decline),
    Action(id="withdraw", group="order", text="Take the offer back", brief="Take back", icon="back",
           keys=("Ctrl+Shift+W",), **step("withdraw", "close_pool"), command=_withdraw),
    Action(id="pool", group="order", text="Into the grab pool", brief="Pool##do", icon="team",
           keys=("Ctrl+J",), **step("pool")),
    Action(id="grab", group="order", text="Grab on his behalf", brief="Grab", icon="accept",
           keys=("Ctrl+Y",), refused=_grabs, who=who_may("grab"), command=_grab),
    Action(id="unassign", group="order", text="Take technician off", brief="Take off", icon="unassign",
           keys=("Ctrl+Shift+U",), **step("unassign"), command=_unassign),
    *PLANNED,
    *VISITS,
    Action(id="change_appointment", group="order", text="Change appointment…", brief="Change", icon="change",
           keys=("F4",), bar=True, **step("change_appointment")),
    Action(id="change_order", group="order", text="Change lines or urgency…", brief="Lines", icon="edit",
           keys=("Ctrl+E",), **step("change_order")),
    Action(id="correct_customer", group="order", text="Correct customer…", brief="Correct…", icon="customer",
           keys=("Ctrl+Alt+C",), who=role.BOOKS, refused=_corrects),
    Action(id="add_address", group="order", text="Add address…", icon="address", keys=("Ctrl+Alt+H",),
           who=role.BOOKS, refused=_corrects),
    Action(id="note", group="order", text="Add note", brief="Note", icon="note", keys=("Ctrl+Shift+N",),
           **step("note")),
    Action(id="urge", group="order", text="Customer urges", brief="Urge", icon="urge", keys=("F7",), bar=True,
           **step("urge"), command=_urge),
    Action(id="reveal", group="order", text="Reveal phone number…", brief="Reveal", icon="reveal",
           keys=("Ctrl+Shift+P",), who=role.REVEALS,
           refused=lambda scene: by_order(scene) or by_role(role.REVEALS)(scene)),
    Action(id="copy_number", group="order", text="Copy order number", brief="Copy", icon="copy",
           keys=("Ctrl+Shift+C",), refused=by_order),
    Action(id="cancel", group="order", text="Cancel order…", brief="Cancel##order", icon="cancel",
           keys=("Ctrl+Shift+X",), **step("cancel")),
    Action(id="reopen", group="order", text="Reopen order…", brief="Reopen", icon="reopen",
           keys=("Ctrl+Shift+R",), **step("reopen")),
    *COURSE,
    *BENCH,
    *HONOURS,
    *COMPLAINING,
    *BOOKKEEPING,
    *SETTLING,
    Action(id="catalogue", group="go", text="Service catalogue", brief="Catalogue", icon="catalogue", keys=("F5",),
           **open_to(role.BOOKS)),
    *PAST,
    *LOOKBACK,
    Action(id="technician_online", group="technician", text="Set technician online", brief="Online##set",
           icon="technician.online", keys=("Ctrl+Alt+1",), **_status("online")),
    Action(id="technician_busy", group="technician", text="Set technician busy", brief="Busy##set",
           icon="technician.busy", keys=("Ctrl+Alt+2",), **_status("busy")),
    Action(id="technician_offline", group="technician", text="Set technician offline", brief="Offline##set",
           icon="technician.offline", keys=("Ctrl+Alt+3",), **_status("offline")),
    Action(id="shifts", group="technician", text="Edit shifts", icon="shift", keys=("Ctrl+Alt+S",),
           who=role.KEEPS_TECHNICIANS, refused=_keeps),
    Action(id="leave", group="technician", text="Add leave", icon="leave", keys=("Ctrl+Alt+L",),
           who=role.KEEPS_TECHNICIANS, refused=_keeps),
    Action(id="replan_absence", group="technician", text="Does not come: plan without him…", brief="Plan without him",
           icon="reassign", keys=("Ctrl+F3",), who=role.DISPATCHES, refused=_replans),
    Action(id="plan_day", group="desk", text="Plan of the day…", brief="Plan##do", icon="travel", keys=("Ctrl+F2",),
           **open_to(role.DISPATCHES)),
    Action(id="new_technician", group="technician", text="New technician…", icon="add", keys=("Ctrl+Alt+N",),
           who=role.READS - {"wall"}, refused=by_role(role.ENTERS_TECHNICIANS)),
    Action(id="edit_technician", group="technician", text="Edit technician…", brief="Edit…", icon="edit",
           keys=("Ctrl+Alt+E",), who=role.READS - {"wall"}, refused=_edits),
    Action(id="palette", group="go", text="All commands…", icon="palette", keys=("Ctrl+K",)),
    Action(id="search", group="go", text="Search orders", icon="search", keys=("Ctrl+F",), who=role.READS - {"wall"}),
    Action(id="next_exception", group="go", text="Next exception", icon="alert.late", keys=("F8",), bar=True),
    Action(id="previous_exception", group="go", text="Previous exception", icon="previous", keys=("Shift+F8",)),
    Action(id="queue", group="go", text="Go to the queue", icon="queue", keys=("Ctrl+1",)),
    Action(id="map", group="go", text="Go to the map", icon="map", keys=("Ctrl+2",)),
    *TERRAIN,
    Action(id="roster", group="go", text="Go to the technicians", icon="team", keys=("Ctrl+3",)),
    *SIGHT,
    *REPAYING,
    *CASHIER,
    *ROTA,
    Action(id="inspector", group="go", text="Order details", icon="order", keys=("Ctrl+I",)),
    Action(id="attention", group="go", text="Needs attention", icon="attention", keys=("Ctrl+Shift+A",),
           who=role.READS - {"wall"}),
    Action(id="import", group="desk", text="Import orders…", icon="import", keys=("Ctrl+Shift+I",),
           **open_to(role.OVERRIDES | role.ADMINISTERS)),
    Action(id="admin", group="go", text="Administration", icon="admin", keys=("Ctrl+Alt+A",),
           **open_to(role.OVERRIDES | role.ADMINISTERS)),
    Action(id="data_health", group="go", text="Data health", icon="alert.data_health", keys=("Ctrl+F8",),
           **open_to(role.OVERRIDES | role.ADMINISTERS)),
    *(
        Action(id=id, group="desk", text=f"Parked booking {at}", icon="park", keys=(f"Alt+{at}",),
               **open_to(role.BOOKS))
        for at, id in enumerate(DRAFTS, 1)
    ),
    Action(id="help", group="go", text="Help and shortcuts", brief="Help", icon="help", keys=("F1",), bar=True),
    *EASE,
    Action(id="theme", group="desk", text="Light or dark", icon="theme", keys=("Ctrl+Shift+L",)),
    Action(id="language", group="desk", text="中文 / English", icon="language", keys=("Ctrl+Shift+E",)),
    Action(id="larger", group="desk", text="Larger type", icon="zoom_in", keys=("Ctrl+=", "Ctrl++")),
    Action(id="smaller", group="desk", text="Smaller type", icon="zoom_out", keys=("Ctrl+-",)),
    Action(id="log_in_again", group="desk", text="Log in again", icon="log_in", keys=("Ctrl+Alt+I",),
           refused=lambda scene: None if scene.session.link.state == "logged_out" else Rejected("is_so_already")),
    Action(id="log_out", group="desk", text="Log out", icon="log_out", keys=("Ctrl+Shift+Q",)),
    Action(id="quit", group="desk", text="Quit", icon="close", keys=("Ctrl+Q",)),
)  # fmt: skip

BY_ID: Final[Mapping[str, Action]] = {action.id: action for action in ACTIONS}


class Deck(QObject):
    """The QActions of one window; `chosen` carries the id of an action without a command of its own.

    `submitted` carries (id, command) of the others: the window submits it and says what came of it.
    """

    chosen = Signal(str)
    submitted = Signal(str, object)

    def __init__(self, window: QWidget, session: Session) -> None:
        super().__init__(window)
        self.scene = Scene(session)
        self._made = {action.id: self._make(window, action) for action in ACTIONS}
        self._stood: dict[str, object] = {}
        window.installEventFilter(self)
        self.refresh()

    def __getitem__(self, id: str) -> QAction:
        return self._made[id]

    def all(self) -> list[QAction]:
        """All of them, in the order of the list."""
        return list(self._made.values())

    def of(self, *groups: Group) -> list[QAction]:
        """Those of some groups, in the order of the list."""
        return [self._made[action.id] for action in ACTIONS if action.group in groups]

    def show_scene(self, scene: Scene) -> None:
        """From now on act on this."""
        self.scene = scene
        self.refresh()

    def refresh(self) -> None:
        """Ask again what is possible with things as they stand, and keep the reason where something is not."""
        self.scene = _as_it_stands(self.scene)
        self._name_undo()
        for action in ACTIONS:
            made, reason = self._made[action.id], action.refused(self.scene)
            may = role.holds(self.scene.session.actor, action.who)
            stands = (made.text(), may, reason and (reason.code, reason.params))
            if self._stood.get(action.id) == stands:
                continue
            self._stood[action.id] = stands
            made.setVisible(may)
            made.setEnabled(reason is None)
            why = name.refusal(self.scene.session, reason) if reason else ""
            made.setProperty(DISABLED_REASON, why)
            made.setToolTip(_tip(made, why))

    def menu(self, parent: QWidget, *groups: Group) -> QMenu:
        """A menu of what is possible in some groups; what is not stands in one below it with its reason."""
        menu = QMenu(parent)
        menu.setToolTipsVisible(True)
        self.fill(menu, *groups)
        return menu

    def fill(self, menu: QMenu, *groups: Group) -> None:
        """Put into a menu what is possible now, and into one below it what is not, each with its reason."""
        menu.clear()
        refused = QMenu(t("Not possible now"), menu)
        refused.setToolTipsVisible(True)
        for at, group in enumerate(groups):
            if at:
                menu.addSeparator()
                refused.addSeparator()
            actions = [each for each in self.of(group) if each.isVisible()]
            menu.addActions([each for each in actions if each.isEnabled()])
            refused.addActions([each for each in actions if not each.isEnabled()])
        if not refused.isEmpty():
            menu.addSeparator()
            menu.addMenu(refused)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.PaletteChange:
            for action in ACTIONS:
                self._made[action.id].setIcon(icons.icon(action.icon))
        return super().eventFilter(watched, event)

    def _make(self, window: QWidget, action: Action) -> QAction:
        made = QAction(icons.icon(action.icon), t(action.text), window)
        made.setObjectName(action.id)
        made.setIconText(t(action.brief or action.text))
        made.setShortcuts([QKeySequence(keys) for keys in action.keys])
        made.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        made.setAutoRepeat(False)
        made.triggered.connect(lambda: self._on_triggered(action))
        window.addAction(made)
        return made

    def _on_triggered(self, action: Action) -> None:
        command = action.command(self.scene) if action.command else None
        if command is None:
            self.chosen.emit(action.id)
        else:
            self.submitted.emit(action.id, command)

    def _name_undo(self) -> None:
        order = self.scene.order
        assign = self._made["assign"]
        again = order is not None and order.status == "accepted"
        assign.setText(t("Assign another technician") if again else t("Assign technician"))
        assign.setIconText(t("Reassign") if again else t("Assign"))
        pin, fixed = self._made["pin_visit"], pinned(self.scene)
        pin.setText(t("Let the plan move it") if fixed else t("Pin in the plan"))
        pin.setIconText(t("Unpin") if fixed else t("Pin"))


def _as_it_stands(scene: Scene) -> Scene:
    """The scene with its order and technician as they are now, what was just done here included."""
    order, technician = scene.order, scene.technician
    return replace(
        scene,
        order=scene.session.get(Order, order.id) if order else None,
        technician=scene.session.get(Technician, technician.id) if technician else None,
    )


def _tip(action: QAction, why: str) -> str:
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    head = f"{action.text()} ({keys})" if keys else action.text()
    return f"{head}\n{why}" if why else head
