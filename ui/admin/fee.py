"""The single figures of a price book: what it is called, for whom it is, the fees that are no table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dispatcher_app.domain.region import Region
from dispatcher_app.text import t
from ui import name
from ui.admin import ask, cell
from ui.admin.draft import Asked
from ui.controls.field import Field

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def fee_fields(session: Session, currency: str) -> tuple[Asked, ...]:
    """The fields in their order."""
    series = {"prices": t("every region without a book of its own")}
    for region in session.all(Region):
        series[f"prices:{region.id}"] = t("only {region}", region=name.region_name(region))

    def amount(code: str, word: str) -> Asked:
        return _figure(code, word, lambda text: cell.money(text, currency), currency)

    def percent(text: str) -> int:
        return cell.whole(text, -1000, 1000)

    return (
        ask.line("name", t("Name of this version")),
        ask.beside(ask.one_of("series", t("It holds for"), series)),
        amount("same_day", t("Same-day surcharge")),
        ask.beside(amount("emergency", t("Emergency surcharge"))),
        _figure("inspection_percent", t("Inspection fee, percent of the labour"), percent),
        ask.beside(amount("inspection_max", t("Inspection fee at most"))),
    )  # fmt: skip


def _figure(code: str, word: str, read: Any, currency: str = "") -> Asked:
    field = Field()
    field.setMaxLength(14)

    def write(value: int) -> None:
        field.setText(cell.signed(value, currency) if currency else str(value))

    return Asked(code=code, word=word, widget=field, read=lambda: read(field.text()), write=write)
