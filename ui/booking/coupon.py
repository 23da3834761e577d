"""A coupon's code as the caller reads it out, or a package that these repairs are in; only on demand."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QWidget

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.book import Package
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.reduction import package_hinders
from dispatcher_app.text import language, t
from ui import format, name
from ui.booking.form import Form
from ui.booking.step import Step
from ui.controls.picker import Picker
from ui.models.choice import Choice

_CODE_LIMIT: Final = 40


class CouponStep(Step):
    """Enter takes the code as it is typed; a package is chosen by ↓ and Enter."""

    def __init__(self, form: Form) -> None:
        super().__init__(form, "coupon", t("Coupon##booking"))
        self.wanted = False
        self._picker = Picker(t("Coupon, package##booking"), t("The coupon's code, or ↓ a package"), rows=5)
        self._picker.field.setMaxLength(_CODE_LIMIT)
        self._picker.typed.connect(self._on_typed)
        self._picker.chosen.connect(self._on_chosen)
        self.body.addWidget(self._picker)

    def applies(self) -> bool:
        draft = self.form.draft
        return self.wanted or bool(draft.coupon) or draft.package is not None

    def target(self) -> QWidget:
        return self._picker.field

    def commit(self, *, more: bool = False) -> bool:
        current = self._picker.list.current
        if current is not None and not self._picker.list.isHidden():
            self._picker.list.choose(current)
        no = self.refusal()
        self.say(name.refusal(self.form.session, no) if no is not None else None)
        return no is None

    def settle(self) -> bool:
        return self.refusal() is None or self.commit()

    def set_active(self, active: bool) -> None:
        self._picker.set_active(active)
        super().set_active(active)

    def refresh(self, touched: frozenset[str]) -> None:
        draft = self.form.draft
        chosen = next((each for each in self.packages if each.id == draft.package), None)
        self._picker.write(called(chosen) if chosen else draft.package or draft.coupon)
        if self.active:
            self._picker.propose([self._row(each) for each in self.packages], None)

    def refusal(self) -> Rejected | None:
        """Why the coupon or the package is not good for this booking, None where it is."""
        self.form.quote()
        return self.form.no_reduction

    @property
    def packages(self) -> list[Package]:
        """The packages that these repairs are in today."""
        form, prices = self.form, self.form.prices
        if prices is None:
            return []
        date = local_date(form.session.now(), prices.region.timezone)
        lines = form.lines(prices)
        return [each for each in prices.book.packages if package_hinders(each, lines, date) is None]

    def _row(self, package: Package) -> Choice:
        prices = self.form.prices
        detail = format.money(package.price, prices.book.currency) if prices else ""
        return Choice(called(package), package, detail=detail)

    def _on_typed(self, text: str) -> None:
        self.say(None)
        self.form.change(coupon=text, package=None)

    def _on_chosen(self, package: Package) -> None:
        self.say(None)
        self.form.change(coupon="", package=package.id)
        self._picker.set_active(False)


def called(package: Package) -> str:
    """What a package is called, in the spoken language where it has a name in it."""
    return package.name_en if package.name_en and language() == "en" else package.name
