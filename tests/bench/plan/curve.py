"""How a plan got better over time, told at a few round moments."""

from __future__ import annotations

from collections.abc import Iterable

Curve = list[tuple[float, float]]
"""Seconds since the start, and the objective of the best plan there was then."""

MOMENTS_S = (0.1, 0.2, 0.5, 1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1800, 3600)


def sampled(curve: Curve) -> Curve:
    """The curve at round moments, at its first plan and at its end."""
    if not curve:
        return []
    first, last = curve[0], curve[-1]
    between = [(moment, at(curve, moment)) for moment in MOMENTS_S if first[0] < moment < last[0]]
    return [first, *between, *([last] if last[0] > first[0] else [])]


def at(curve: Curve, moment_s: float) -> float:
    """The objective reached at that moment; that of the first plan before there was one."""
    reached = curve[0][1]
    for second, objective in curve:
        if second <= moment_s:
            reached = objective
    return reached


def reached_s(curve: Curve, objective: float) -> float | None:
    """The second at which the objective was reached, None where it never was."""
    return next((second for second, value in curve if value <= objective), None)


def told(points: Iterable[tuple[float, float]]) -> str:
    """The curve on one line."""
    return "   ".join(f"{second:.3g} s {objective:.1f}" for second, objective in points)
