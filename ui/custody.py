"""What is written down when a device is handed in, in words: what came with it, how it looks, what of its data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.order import Line
from dispatcher_app.text import t
from ui import name

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

ACCESSORIES: Final[dict[str, str]] = {
    "charger": "Charger##accessory",
    "cable": "Cable##accessory",
    "power_cord": "Power cord##accessory",
    "battery": "Battery##accessory",
    "case": "Case##accessory",
    "bag": "Bag##accessory",
    "sim": "SIM card##accessory",
    "memory_card": "Memory card##accessory",
    "mouse": "Mouse##accessory",
    "remote": "Remote control##accessory",
    "lens": "Lens##accessory",
    "paper_tray": "Paper tray##accessory",
    "cartridge": "Ink or toner##accessory",
    "controller": "Controller##accessory",
    "box": "Original box##accessory",
    "receipt": "Proof of purchase##accessory",
}
CONDITION: Final[dict[str, str]] = {
    "scratched": "Scratches##condition",
    "dented": "Dents##condition",
    "screen_broken": "Broken screen##condition",
    "cracked": "Cracked case##condition",
    "water": "Water inside##condition",
    "dead": "Does not start##condition",
    "locked": "Locked##condition",
    "opened_before": "Opened before##condition",
    "parts_missing": "Parts missing##condition",
    "dirty": "Dirty##condition",
    "good": "Looks good##condition",
}
CONSENT: Final[dict[str, str]] = {
    "keep": "Data must be kept##consent",
    "may_erase": "Data may be erased##consent",
    "owner_erased": "The owner has erased or saved the data himself##consent",
}
"""What the owner says of the data on a device; nothing is assumed."""

_OF_SKILL: Final[dict[str, tuple[str, ...]]] = {
    "phone": ("charger", "cable", "case", "sim", "memory_card", "box"),
    "computer": ("charger", "power_cord", "mouse", "bag", "battery", "controller", "box"),
    "printer": ("power_cord", "cable", "paper_tray", "cartridge"),
    "television": ("power_cord", "remote", "cable", "box"),
    "network": ("charger", "cable", "memory_card", "box"),
}
_OTHERWISE: Final = ("power_cord", "remote", "battery", "box", "receipt")
_SCREENED: Final = frozenset({"phone", "computer", "television"})
_WITH_DATA: Final = frozenset({"phone", "computer"})


def accessories_for(item: Item | None) -> dict[str, str]:
    """What usually comes with such a device, code and word."""
    codes = _OF_SKILL.get(item.skill, _OTHERWISE) if item else _OTHERWISE
    return {code: t(ACCESSORIES[code]) for code in codes}


def conditions_for(item: Item | None) -> dict[str, str]:
    """What such a device usually shows, code and word."""
    screened = item is not None and item.skill in _SCREENED
    locked = has_data(item)
    return {
        code: t(word)
        for code, word in CONDITION.items()
        if (code != "screen_broken" or screened) and (code != "locked" or locked)
    }


def has_data(item: Item | None) -> bool:
    """Whether people keep their data on such a device, so that they have to say what may happen to it."""
    return item is not None and item.skill in _WITH_DATA


def accessory(code: str) -> str:
    """One thing that came with it; own words stay as they are."""
    return t(ACCESSORIES[code]) if code in ACCESSORIES else code


def condition(code: str) -> str:
    """One trace; own words stay as they are."""
    return t(CONDITION[code]) if code in CONDITION else code


def consent(code: str) -> str:
    """What may happen to the data, "" where it has none."""
    return t(CONSENT[code]) if code in CONSENT else ""


def device_name(session: Session, line: Line) -> str:
    """Brand, item and model of a line."""
    return " ".join(filter(None, (line.brand, name.item(session, line.item), line.model)))
