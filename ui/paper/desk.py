"""Printing at a desk: which paper on which printer, kept from day to day; a PDF where there is none."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSettings, QUrl, Signal
from PySide6.QtGui import QAction, QActionGroup, QDesktopServices
from PySide6.QtWidgets import QMenu, QToolButton

from dispatcher_app.client import profile
from dispatcher_app.client.api import Offline
from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.money.payment import Payment
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import t
from ui import icons, notify
from ui.paper import press, receipt
from ui.paper.block import Block
from ui.paper.certificate import certificate
from ui.paper.format import FORMATS, Format, Kind
from ui.paper.payment import payment_receipt
from ui.paper.receipt import Slip
from ui.paper.voucher import repair_voucher
from ui.task import Errands

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_KINDS: Final[dict[Kind, str]] = {
    "receipt": "Receipts##paper",
    "label": "Labels##paper",
    "voucher": "Vouchers##paper",
}
PATIENCE_S: Final = 3.0
"""So long a receipt waits for the lasting number and the code."""
_KEPT_S: Final = 24 * 3600
"""So long a PDF stays in the folder: it has a customer's name on it."""


@dataclass(frozen=True, slots=True)
class Job:
    """One paper to print."""

    kind: Kind
    title: str
    blocks: Sequence[Block]


class PaperDesk(QObject):
    """Emits `printed` with what was made: the path of a PDF, or the printer's name.

    `store` is the one that the desk works at, "" for its person's own.
    """

    printed = Signal(str)

    def __init__(self, session: Session, settings: QSettings, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._settings = session, settings
        self._errands = Errands(self)
        self.open: Callable[[Path], object] = _open
        self.store = ""

    # ------------------------------------------------------------ what is printed
    def print(self, id: str) -> None:
        """The receipt that fits the order as it stands; with a device that has just come also its label."""
        order = self._session.get(Order, id)
        if order is None:
            notify.info(t("This order is not on this computer"))
            return
        self._errands.run(self.asked(order), self._print_all)

    def label(self, id: str) -> None:
        """The shelf label alone."""
        order = self._session.get(Order, id)
        if order is not None and order.device is not None:
            self._press(
                Job("label", _title(t("Label##file"), order), receipt.shelf_label(Slip(self._session, order)))
            )

    def voucher(self, id: str) -> None:
        """What was done, with which parts, and how long it is warranted."""
        order = self._session.get(Order, id)
        if order is None:
            notify.info(t("This order is not on this computer"))
            return
        self._errands.run(
            self.asked(order),
            lambda slip: self._press(
                Job("voucher", _title(t("Voucher##file"), slip.order), repair_voucher(slip))
            ),
        )

    def payment(self, id: str, payment: str) -> None:
        """The receipt of one payment, with the number that it has by then."""
        order = self._session.get(Order, id)
        if order is not None:
            self._errands.run(self.asked(order), lambda slip: self._print_payment(slip, payment))

    def _print_payment(self, slip: Slip, id: str) -> None:
        if (payment := self._session.get(Payment, id)) is not None:
            title = f"{_title(t('Receipt##file'), slip.order)}-{payment.receipt or payment.id[-6:]}"
            self._press(Job("receipt", title, payment_receipt(slip, payment)))

    def certificate(self, technician: str) -> None:
        """What a technician in honour hangs on his wall."""
        found = self._session.get(Technician, technician)
        if found is not None:
            title = f"{t('Certificate##file')}-{found.name}".replace("/", "-")
            self._press(Job("certificate", title, certificate(self._session, found)))

    async def asked(self, order: Order) -> Slip:
        """The order with its link and code, as far as the server can be reached."""
        link = code = ""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._answered(order.id), PATIENCE_S)
        known = self._session.link.state == "online" and not self._session.is_pending("order", order.id)
        try:
            if known:
                link = await self._session.link_of(order.id)
            if known and order.device is not None and order.status != "handed_back":
                why = t("Printed on the custody receipt")
                code = await self._session.reveal("order", order.id, "pickup_code", why)
        except (Offline, Rejected):
            pass  # the receipt says that the code follows by message
        return Slip(self._session, self._session.get(Order, order.id) or order, link, code, self.store)

    async def _answered(self, order: str) -> None:
        """Wait until the server has given the order its number, or is away."""
        while self._session.link.state == "online" and self._session.is_pending("order", order):
            await asyncio.sleep(0.02)

    def _print_all(self, slip: Slip) -> None:
        order = slip.order
        if order.service == "home":
            self._press(Job("receipt", _title(t("Booking##file"), order), receipt.order_receipt(slip)))
        elif order.status == "handed_back":
            self._press(Job("receipt", _title(t("Pick-up##file"), order), receipt.hand_back_receipt(slip)))
        else:
            self._press(Job("receipt", _title(t("Custody##file"), order), receipt.custody_receipt(slip)))
            if order.status == "received":
                self.label(order.id)

    def _press(self, job: Job) -> None:
        paper, printer = self.format_of(job.kind), self.printer_of(job.kind)
        if printer and press.to_printer(job.blocks, paper, printer, job.title):
            notify.success(t("Sent to {printer}: {what}", printer=printer, what=job.title))
            self.printed.emit(printer)
            return
        if printer:
            notify.warning(t("The printer {printer} is not there; here is a PDF.", printer=printer))
        folder = profile.home() / "papers"
        folder.mkdir(parents=True, exist_ok=True)
        self._clear(folder)
        path = folder / f"{job.title}.pdf"
        press.to_pdf(job.blocks, paper, path, job.title)
        self.printed.emit(str(path))
        self.open(path)

    def _clear(self, folder: Path) -> None:
        before = self._session.now() / 1000 - _KEPT_S
        for each in folder.glob("*.pdf"):
            if each.stat().st_mtime < before:
                each.unlink(missing_ok=True)

    # ------------------------------------------------------------ on what
    def format_of(self, kind: Kind) -> Format:
        """The paper chosen for a kind, the usual one at first."""
        chosen = str(self._settings.value(f"paper/{kind}/format", ""))
        return next((each for each in FORMATS[kind] if each.id == chosen), FORMATS[kind][0])

    def printer_of(self, kind: Kind) -> str:
        """The printer chosen for a kind, "" for a PDF."""
        return str(self._settings.value(f"paper/{kind}/printer", "") or "")

    def choose(self, kind: Kind, *, paper: str | None = None, printer: str | None = None) -> None:
        """From now on print this kind so."""
        if paper is not None:
            self._settings.setValue(f"paper/{kind}/format", paper)
        if printer is not None:
            self._settings.setValue(f"paper/{kind}/printer", printer)

    def button(self) -> QToolButton:
        """Papers and printers to choose from."""
        made = QToolButton()
        made.setObjectName("paper_settings")
        made.setAccessibleName(t("Printers and papers"))
        made.setToolTip(t("Printers and papers"))
        made.setIcon(icons.icon("print"))
        made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(made)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        made.setMenu(menu)
        return made

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        names = press.printers()
        for kind, word in _KINDS.items():
            menu.addSection(t(word))
            formats = QActionGroup(menu)
            for each in FORMATS[kind]:
                action = self._choice(menu, formats, t(each.word), each == self.format_of(kind))
                action.triggered.connect(lambda _on, kind=kind, code=each.id: self.choose(kind, paper=code))
            menu.addSeparator()
            places = QActionGroup(menu)
            for printer in ("", *names):
                chosen = printer == self.printer_of(kind)
                action = self._choice(menu, places, printer or t("Save as PDF and open it"), chosen)
                action.triggered.connect(lambda _on, kind=kind, to=printer: self.choose(kind, printer=to))

    def _choice(self, menu: QMenu, group: QActionGroup, words: str, chosen: bool) -> QAction:
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(chosen)
        group.addAction(action)
        return action


def _title(word: str, order: Order) -> str:
    return f"{word}-{order.number}".replace("/", "-")


def _open(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
