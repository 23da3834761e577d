"""Fields of a settings form: each has its words as its name, and stands in a row beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QComboBox, QFormLayout, QSpinBox, QWidget

from ui import theme
from ui.controls.field import inset


def figure(name: str, word: str, least: int, most: int, step: int, unit: str = "") -> QSpinBox:
    """A whole number between two bounds."""
    box = QSpinBox()
    box.setObjectName(name)
    box.setAccessibleName(word)
    box.setRange(least, most)
    box.setSingleStep(step)
    box.setSuffix(unit)
    inset(box)
    return box


def choice(name: str, word: str, options: Mapping[Any, str]) -> QComboBox:
    """One of several, by code."""
    box = QComboBox()
    box.setObjectName(name)
    box.setAccessibleName(word)
    for code, shown in options.items():
        box.addItem(shown, code)
    return box


def rows(*fields: QWidget) -> QFormLayout:
    """The fields below each other."""
    look, form = theme.current(), QFormLayout()
    form.setHorizontalSpacing(look.space(3))
    form.setVerticalSpacing(look.space(2))
    for field in fields:
        form.addRow(field.accessibleName(), field)
    return form
