"""The actions of a device in custody: looked at, moved, ready, reminded, handed back; and its papers."""

from __future__ import annotations

from typing import Any, Final

from dispatcher_app.domain import role
from dispatcher_app.domain.command import RemindPickUp, StartDiagnosis
from ui.action.scene import Action, Scene, by_order, open_to, step


def _diagnose(scene: Scene) -> Any:
    return scene.order and StartDiagnosis(order=scene.order.id)


def _remind(scene: Scene) -> Any:
    return scene.order and RemindPickUp(order=scene.order.id)


BENCH: Final[tuple[Action, ...]] = (
    Action(id="counter", group="go", text="Counter", icon="counter", keys=("F9",), bar=True,
           **open_to(role.BOOKS)),
    Action(id="drop_off", group="desk", text="Take a device in", icon="state.received", keys=("F6",), bar=True,
           **open_to(role.BOOKS)),
    Action(id="diagnose", group="order", text="Start the diagnosis", brief="Diagnose", icon="state.diagnosing",
           keys=("Ctrl+Alt+J",), **step("diagnose"), command=_diagnose),
    Action(id="finish_device", group="order", text="Device is ready…", brief="Ready##do", icon="state.ready",
           keys=("Ctrl+Alt+F",), **step("finish_device")),
    Action(id="move_device", group="order", text="Move to another shelf…", brief="Shelf##do", icon="folder",
           keys=("Ctrl+Alt+W",), **step("move_device")),
    Action(id="remind", group="order", text="Remind of the pick-up", brief="Remind", icon="bell",
           keys=("Ctrl+Alt+T",), **step("remind"), command=_remind),
    Action(id="hand_back", group="order", text="Hand back…", brief="Hand back", icon="state.handed_back",
           keys=("Ctrl+H",), **step("hand_back")),
    Action(id="return_device", group="order", text="Device back under warranty…", brief="Return##device",
           icon="warranty", keys=("Ctrl+B",), **step("return_device")),
    Action(id="cancel_device", group="order", text="Call the repair off…", brief="Call off", icon="cancel",
           keys=("Ctrl+Shift+S",), **step("cancel_device")),
    Action(id="print", group="order", text="Print receipt", brief="Print##do", icon="print", keys=("Ctrl+P",),
           who=role.BOOKS, refused=by_order),
    Action(id="print_label", group="order", text="Print shelf label", brief="Label##do", icon="brand",
           keys=("Ctrl+L",), **step("move_device")),
)  # fmt: skip
