"""A technician's figures: counted up review by review, and what they say of him."""

from __future__ import annotations

from dispatcher_app.domain.talk import Figures, Review

PRIOR_REVIEWS = 5
PRIOR_STARS = 4.5
"""Whoever has few reviews counts as if this many average ones came first: one angry customer ends no career."""


def counted(figures: Figures, review: Review, sign: int = 1) -> Figures:
    """The figures with a review more, or without it (`sign` -1)."""
    return Figures(
        reviews=figures.reviews + sign,
        stars=figures.stars + sign * review.stars,
        skill=figures.skill + sign * review.skill,
        attitude=figures.attitude + sign * review.attitude,
        efficiency=figures.efficiency + sign * review.efficiency,
        solved=figures.solved + sign * review.solved,
    )


def average(figures: Figures) -> float | None:
    """The stars people are shown, one decimal; None where nobody has judged yet."""
    return round(figures.stars / figures.reviews, 1) if figures.reviews else None


def rating(figures: Figures) -> float:
    """The stars (1 to 5) by which technicians are compared, fair to those with few reviews."""
    return (figures.stars + PRIOR_STARS * PRIOR_REVIEWS) / (figures.reviews + PRIOR_REVIEWS)


def from_stars(stars: float, reviews: int = 10) -> Figures:
    """The figures of a technician of whom only an average was known: as if so many reviews had said it."""
    total = round(min(5.0, max(1.0, stars)) * reviews)
    return Figures(reviews=reviews, stars=total, skill=total, attitude=total, efficiency=total, solved=reviews)
