"""Icons by what they mean, all from the Phosphor family that ships inside qtawesome (offline)."""

import functools
from pathlib import Path
from types import MappingProxyType
from typing import Final

import qtawesome
from PySide6.QtGui import QColor, QIcon, QPixmap
from qtawesome.iconic_font import IconicFont

from ui import theme
from ui.mark import Mark

_PHOSPHOR: Final = MappingProxyType(
    {
        "unknown": "question",
        # what a person does
        "book": "note-pencil",
        "assign": "user-plus",
        "unassign": "user-minus",
        "reassign": "swap",
        "change": "calendar-plus",
        "cancel": "x-circle",
        "reopen": "arrow-counter-clockwise",
        "accept": "check",
        "decline": "hand-palm",
        "urge": "megaphone-simple",
        "note": "note",
        "undo": "arrow-u-up-left",
        "redo": "arrow-u-up-right",
        "search": "magnifying-glass",
        "catalogue": "book-open",
        "filter": "funnel-simple",
        "sort": "arrows-down-up",
        "columns": "columns",
        "add": "plus",
        "remove": "minus",
        "edit": "pencil-simple",
        "delete": "trash",
        "copy": "copy",
        "save": "floppy-disk",
        "park": "tray",
        "import": "download-simple",
        "export": "upload-simple",
        "print": "printer",
        "route": "path",
        "reveal": "eye",
        "mask": "eye-slash",
        "call": "phone",
        "incoming": "phone-incoming",
        "outgoing": "phone-outgoing",
        "hang_up": "phone-disconnect",
        "message": "chat-text",
        "pin": "push-pin-simple",
        "unpin": "push-pin-simple-slash",
        "refresh": "arrows-clockwise",
        "close": "x",
        "more": "dots-three",
        "settings": "gear-six",
        "log_in": "sign-in",
        "log_out": "sign-out",
        "lock": "lock-simple",
        "unlock": "lock-simple-open",
        "detach": "arrow-square-out",
        "attach": "arrow-square-in",
        "layout": "layout",
        "expand": "caret-down",
        "collapse": "caret-up",
        "next": "caret-right",
        "previous": "caret-left",
        "back": "arrow-left",
        "zoom_in": "plus",
        "zoom_out": "minus",
        "fit": "corners-out",
        "widen": "arrows-out-line-horizontal",
        "locate": "crosshair-simple",
        "focus": "frame-corners",
        "ruler": "ruler",
        "area": "polygon",
        "palette": "command",
        "language": "translate",
        "theme": "circle-half",
        "help": "lifebuoy",
        "silent": "bell-simple-slash",
        # what is looked at
        "queue": "list-bullets",
        "order": "clipboard-text",
        "map": "map-trifold",
        "board": "rows",
        "calendar": "calendar-blank",
        "charts": "chart-line-up",
        "complaints": "warning-octagon",
        "cashier": "receipt",
        "admin": "sliders-horizontal",
        "wall": "monitor",
        "counter": "storefront",
        "customer": "user",
        "technician": "wrench",
        "team": "users-three",
        "address": "map-pin",
        "compound": "buildings",
        "district": "map-trifold",
        "entry": "door",
        "phone": "device-mobile",
        "item": "television-simple",
        "fault": "lightning",
        "part": "puzzle-piece",
        "brand": "tag-simple",
        "photo": "image-square",
        "video": "film-strip",
        "window": "clock",
        "timer": "timer",
        "travel": "path",
        "price": "currency-cny",
        "payment": "wallet",
        "refund": "coin",
        "invoice": "receipt",
        "credit": "trophy",
        "certificate": "file-text",
        "appeal": "scales",
        "quote": "calculator",
        "warranty": "shield-check",
        "star": "star",
        "skill": "medal",
        "shift": "briefcase",
        "leave": "coffee",
        "history": "clock-counter-clockwise",
        "timeline": "list-dashes",
        "checks": "checks",
        "file": "file",
        "folder": "folder-simple",
        "server": "hard-drives",
        "person": "user-circle",
        "role": "identification-badge",
        "bell": "bell-simple",
        "empty": "tray",
        "safety": "fire-simple",
        # the connection and the outbox
        "connected": "wifi-high",
        "disconnected": "wifi-slash",
        "pending_sync": "cloud-arrow-up",
        "synced": "cloud-check",
        "conflict": "git-merge",
        "attention": "warning-circle",
        # notices
        "info": "info",
        "success": "check-circle",
        "warning": "warning",
        "error": "x-circle",
        # states, as published in ui.mark
        "state.pending": "circle-dashed",
        "state.offered": "paper-plane-tilt",
        "state.accepted": "handshake",
        "state.en_route": "car-simple",
        "state.in_progress": "wrench",
        "state.on_hold": "pause-circle",
        "state.finished": "circle-wavy-question",
        "state.completed": "check-circle",
        "state.cancelled": "x-circle",
        "state.received": "archive-tray",
        "state.diagnosing": "magnifying-glass-plus",
        "state.quoted": "receipt",
        "state.repairing": "gear-six",
        "state.ready": "bell-ringing",
        "state.handed_back": "bag",
        "urgency.normal": "circle",
        "urgency.same_day": "sun-horizon",
        "urgency.emergency": "lightning",
        "technician.online": "broadcast",
        "technician.busy": "minus-circle",
        "technician.offline": "circle-dashed",
        "alert.no_show_risk": "user-minus",
        "alert.late": "alarm",
        "alert.not_accepted": "hourglass-medium",
        "alert.urged": "megaphone-simple",
        "alert.complaint": "warning-octagon",
        "alert.overlap": "intersect",
        "alert.no_position": "map-pin-line",
        "alert.over_price": "trend-up",
        "alert.unpaid": "currency-cny",
        "alert.data_health": "first-aid",
    }
)

NAMES: Final = frozenset(_PHOSPHOR)


def icon(name: str, colour: str = "text") -> QIcon:
    """The icon that means `name`, in a palette token's colour, for the look in use now.

    An icon keeps the colours of the look it was made in: fetch it again on QEvent.PaletteChange.
    Raises KeyError for a name that is not in `NAMES`.
    """
    tokens = theme.current().palette
    return _drawn(_PHOSPHOR[name], getattr(tokens, colour), tokens.disabled)


def pixmap(name: str, colour: str = "text", size: int | None = None) -> QPixmap:
    """The same as a picture of `size` device-independent pixels (a row's icon when not given)."""
    edge = size or theme.current().icon_size
    return icon(name, colour).pixmap(edge, edge)


def mark_icon(mark: Mark) -> QIcon:
    """The icon of a state, an urgency or an alert, in its own hue."""
    return icon(mark.icon, mark.hue)


@functools.cache
def _drawn(glyph: str, colour: str, disabled: str) -> QIcon:
    drawn = _font().icon(f"ph.{glyph}", color=QColor(colour), color_disabled=QColor(disabled))
    return QIcon(drawn)


@functools.cache
def _font() -> IconicFont:
    # qtawesome.icon() would load all twelve families (a quarter of a second at start) and, on
    # Windows, install them for the user; this family alone, from its own folder, does neither.
    fonts = Path(qtawesome.__file__).parent / "fonts"
    return IconicFont(("ph", "phosphor-1.3.0.ttf", "phosphor-charmap-1.3.0.json", str(fonts)))
