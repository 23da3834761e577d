"""What the system notes about traffic by itself."""

from __future__ import annotations

from dataclasses import dataclass

from dispatcher_app.domain.traffic import Traffic


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveTraffic:
    """What a region's trips have shown, and what is wrong with its sources of travel times."""

    traffic: Traffic
