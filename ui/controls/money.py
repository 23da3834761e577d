"""A field for an amount of money, typed as people write it, read in minor units."""

from __future__ import annotations

import re

from PySide6.QtWidgets import QWidget

from ui import format
from ui.controls.field import Field

_TYPED = re.compile(r"[¥￥$€£]?\s*(\d{1,9})(?:[.。](\d{0,3}))?")


class MoneyField(Field):
    """`value` is None where what is typed is no amount; an empty field may mean something to its form."""

    def __init__(self, currency: str, amount: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._currency = currency
        self.setMaxLength(14)
        if amount is not None:
            self.show_value(amount)

    @property
    def empty(self) -> bool:
        """Whether nothing is typed."""
        return not self.text().strip()

    @property
    def value(self) -> int | None:
        """The amount in minor units."""
        digits = format.digits(self._currency)
        found = _TYPED.fullmatch(self.text().replace(",", "").replace("，", "").strip())
        if found is None or len(found[2] or "") > digits:
            return None
        whole: int = int(found[1]) * 10**digits
        return whole + int((found[2] or "").ljust(digits, "0") or 0)

    def show_value(self, amount: int) -> None:
        """Write an amount (minor units), without the currency's sign."""
        self.setText(format.amount(amount, self._currency))
