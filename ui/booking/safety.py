"""Words of danger in what a caller says, and what to tell him first."""

from __future__ import annotations

import re
from typing import Final

from dispatcher_app.text import t

_WORDS: Final = {
    "gas": re.compile(
        r"漏气|漏煤气|漏燃气|漏天然气|煤气味|煤气泄|燃气味|燃气泄|天然气味|瓦斯味|gas\s+leak|leaking\s+gas|smell\w*\s+(of\s+)?gas"
        r"|gas\s+smell",
        re.IGNORECASE,
    ),
    "smoke": re.compile(
        r"冒烟|起火|着火了|冒火|烧焦|焦味|焦糊|糊味|\bsmok(e|es|ing)\b|\bon\s+fire\b|\bburn(ing|t)\b",
        re.IGNORECASE,
    ),
    "shock": re.compile(
        r"触电|漏电|电到|电了一下|麻手|被电|electric\s+shock|electrocut\w*|(got|gets?)\s+(a\s+)?shock",
        re.IGNORECASE,
    ),
}


def danger(said: str) -> str | None:
    """The kind of danger that the words speak of: gas, smoke or shock; None where there is none."""
    return next((kind for kind, words in _WORDS.items() if words.search(said)), None)


def title(kind: str) -> str:
    """The heading above the script."""
    return {
        "gas": t("Gas: read this out first"),
        "smoke": t("Smoke or fire: read this out first"),
        "shock": t("Electric shock: read this out first"),
    }[kind]


def script(kind: str) -> tuple[str, ...]:
    """The sentences to read to the caller, in order."""
    return {
        "gas": (
            t("Don't touch any switch, plug or flame, and don't phone from inside."),
            t("Close the gas valve if you can reach it, open doors and windows."),
            t("Leave the flat now and warn your neighbours."),
            t("From outside call the gas company's emergency line; in case of fire call 119."),
        ),
        "smoke": (
            t("Pull the plug or switch off at the main breaker, if you can do it safely."),
            t("Don't pour water on anything electrical."),
            t("If you see flames or the smoke grows: leave, close the door, call 119."),
            t("Don't switch it on again before our technician has looked at it."),
        ),
        "shock": (
            t("Don't touch the device or anybody who is still in contact with it."),
            t("Switch off at the main breaker first."),
            t("If anybody is hurt or felt faint, call 120 now."),
            t("Don't switch it on again before our technician has looked at it."),
        ),
    }[kind]
