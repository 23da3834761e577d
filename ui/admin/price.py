"""The versions of the price book: drafts first, then what is published; new drafts begin as copies."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dispatcher_app.clock import new_id
from dispatcher_app.domain import role
from dispatcher_app.domain.book import PriceBook
from dispatcher_app.domain.catalogue import Item, Part
from dispatcher_app.domain.command import SavePriceBook
from dispatcher_app.domain.edition import Series
from dispatcher_app.text import t
from ui import format, name, notify
from ui.admin.book import BookEditor
from ui.admin.file import BookFiles
from ui.admin.listing import Row
from ui.admin.page import Page
from ui.submit import submit

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def price_page(session: Session) -> Page:
    """Versions of the prices."""
    opened = role.holds(session.actor, role.ADMINISTERS)

    def make(id: str) -> BookEditor:
        book = session.get(PriceBook, id.partition(":")[2])
        assert book is not None  # only what is listed is opened
        editor = BookEditor(session, book, opened)
        BookFiles(session, editor)
        editor.copied.connect(lambda of: _open(page, copy(session, of)))
        return editor

    page = Page(
        session, name=t("Price book"), hint=t("Version: name"), rows=lambda: book_rows(session), make=make,
        kinds=frozenset({PriceBook.kind, Series.kind, Item.kind, Part.kind}),
        new={"book:": t("New draft")} if opened else {}, create=lambda _kind: copy(session, None),
        empty=(t("No version chosen"), t("Choose one in the list, or begin a draft.")),
    )  # fmt: skip
    return page


def book_rows(session: Session) -> list[Row]:
    """Drafts, then published versions, the newest first."""
    now, timezone = session.now(), name.timezone(session)
    in_force = {series.at(now) for series in session.all(Series)}
    rows = []
    books = [each for each in session.all(PriceBook) if each.state != "discarded"]
    for book in sorted(
        books, key=lambda each: (each.state == "published", -(each.starts_at or 0), each.name)
    ):
        if book.state == "draft":
            note = t("draft##state")
        elif book.id in in_force:
            note = t("in force##state")
        elif (book.starts_at or 0) > now:
            note = t("from {date}", date=format.moment(book.starts_at or 0, now, timezone))
        else:
            note = t("over##state")
        rows.append(
            Row(id=f"book:{book.id}", title=book.name or t("without a name"), note=note, words=book.name)
        )
    return rows


def copy(session: Session, of: str | None) -> str | None:
    """A draft like a version, by default like the one in force; its row, None where there is nothing to copy."""
    series = session.get(Series, f"prices:{session.region_id}") or session.get(Series, "prices")
    found = of or (series.at(session.now()) if series is not None else None)
    former = session.get(PriceBook, found) if found else None
    region = name.region(session)
    made = former or PriceBook(id="", currency=region.currency if region else "CNY")
    when = format.local(session.now(), name.timezone(session))
    draft = replace(
        made, id=new_id(), version=0, number=1, state="draft", starts_at=None, published_by="",
        name=f"{when:%Y-%m-%d %H:%M}",
    )  # fmt: skip
    saved = submit(session, SavePriceBook(book=draft), lambda said, _no: notify.warning(said))
    return f"book:{draft.id}" if saved is not None else None


def _open(page: Page, id: str | None) -> None:
    if id is not None:
        page.refresh()
        page.open(id)
