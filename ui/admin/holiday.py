"""Public holidays and the working days that make up for them, year by year."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from dispatcher_app import holiday_source
from dispatcher_app.domain import role
from dispatcher_app.domain.calendar import local_date
from dispatcher_app.domain.command import SaveHolidayYear
from dispatcher_app.domain.holiday import HolidayYear, SpecialDay
from dispatcher_app.text import t
from ui import name
from ui.admin import ask, cell
from ui.admin.draft import Draft
from ui.admin.form import Form
from ui.admin.listing import Row
from ui.admin.page import Page
from ui.controls.sheet import Sheet
from ui.models.sheet import SheetModel

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session

_ROWS: Final = 80
"""More days than any year has: the table is as high as its rows, so that only the form is scrolled."""


def holiday_page(session: Session) -> Page:
    """Years with their special days."""
    opened = role.holds(session.actor, role.ADMINISTERS)
    return Page(
        session, name=t("Holidays"), hint=t("Year"), kinds=frozenset({HolidayYear.kind}),
        rows=lambda: year_rows(session), make=lambda id: year_form(session, id.partition(":")[2], opened),
        new={"year:": t("One more year")} if opened else {}, create=lambda _kind: f"year:{_next(session)}",
        empty=(t("No year chosen"), t("Choose one in the list.")),
    )  # fmt: skip


def year_rows(session: Session) -> list[Row]:
    """The years that are kept, and this and the next one even where they are missing."""
    kept = {each.id: each for each in session.all(HolidayYear)}
    year = _this(session)
    rows = []
    for id in sorted({*kept, str(year), str(year + 1)}, reverse=True):
        days = kept[id].days if id in kept else ()
        note = t("{n} days", n=len(days)) if id in kept else t("missing##year")
        rows.append(Row(id=f"year:{id}", title=id, note=note))
    return rows


def year_form(session: Session, id: str, opened: bool) -> Form:
    """The form of a year."""
    year = id or _next(session)
    read = session.get(HolidayYear, year) or HolidayYear(id=year)
    kinds = {"holiday": t("public holiday##day"), "workday": t("working day (make-up)##day")}
    columns = (
        cell.read_column("date", t("Date"), str, cell.date, width=110),
        cell.choice_column("kind", t("Kind"), kinds, 190),
        cell.text_column("name", t("Name (Chinese)"), 200),
        cell.text_column("name_en", t("Name (English)"), 220),
    )
    sheet = Sheet(
        SheetModel(columns, lambda: SpecialDay(date="", kind="holiday", name="")),
        t("Special days"),
        rows=_ROWS,
    )
    days = ask.table("days", t("Days that are not what their weekday says"), sheet, "date")
    rows = days.read
    days = replace(days, read=lambda: tuple(sorted(rows(), key=lambda each: str(each.date))))
    draft = Draft(
        read, (days,), lambda: session.get(HolidayYear, year), new=session.get(HolidayYear, year) is None
    )

    def hints(made: HolidayYear) -> str:
        if made.days:
            return ""
        return t("Without them weekdays decide the prices of {year}, and every price says so.", year=year)

    form = Form(
        session, draft, (days,), lambda made: SaveHolidayYear(year=made), open=opened, hints=hints,
        title=lambda now: t("Holidays of {year}", year=now.id),
    )  # fmt: skip

    def fill() -> None:
        try:
            sheet.write(holiday_source.holiday_year(year).days)
        except holiday_source.NotPublished:
            known = holiday_source.years()
            said = t("The State Council's calendar of {year} is not known here; known are {first} to {last}.",
                     year=year, first=known[0], last=known[-1])  # fmt: skip
            form.say(said)

    if opened:
        button = ask.spare(t("Fill from the State Council's calendar"), fill, "holiday_fill")
        form.buttons.insertWidget(1, button)
    return form


def _this(session: Session) -> int:
    return int(local_date(session.now(), name.timezone(session))[:4])


def _next(session: Session) -> str:
    """The first year from this one on that is missing."""
    kept = {each.id for each in session.all(HolidayYear)}
    year = _this(session)
    while str(year) in kept:
        year += 1
    return str(year)
