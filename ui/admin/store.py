"""Stores of the regions, and at which of them each person at a desk works."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dispatcher_app.clock import new_id
from dispatcher_app.domain import role
from dispatcher_app.domain.command import SaveRegion, SaveStaff
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Region, Staff, Store
from dispatcher_app.text import t
from ui import name
from ui.admin import ask, cell
from ui.admin.draft import Asked, Draft
from ui.admin.form import Form
from ui.admin.listing import Row
from ui.admin.page import Page
from ui.controls.field import Field
from ui.models.sheet import NotThat

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


def store_page(session: Session) -> Page:
    """Stores, then people."""
    opened = role.holds(session.actor, role.ADMINISTERS)

    def make(id: str) -> Form:
        kind, _, bare = id.partition(":")
        return staff_form(session, bare, opened) if kind == "staff" else store_form(session, bare, opened)

    return Page(
        session, name=t("Stores"), hint=t("Store or person: words, initials"), rows=lambda: store_rows(session),
        kinds=frozenset({Region.kind, Staff.kind}), make=make, new={"store:": t("New store")} if opened else {},
        empty=(t("No store chosen"), t("Choose one in the list, or enter a new one.")),
    )  # fmt: skip


def store_rows(session: Session) -> list[Row]:
    """The stores by region, then who works where."""
    rows = []
    called = {}
    for region in sorted(session.all(Region), key=lambda each: each.name):
        for each in region.stores:
            called[each.id] = ask.spoken(each.name, each.name_en)
            rows.append(
                Row(
                    id=f"store:{each.id}",
                    title=called[each.id],
                    note=name.region_name(region),
                    words=each.address,
                )
            )
    for person in sorted(session.all(Staff), key=lambda each: each.name):
        where = called.get(person.store or "", t("no store"))
        rows.append(Row(id=f"staff:{person.id}", title=person.name, note=where, grey=not person.active))
    return rows


def store_form(session: Session, id: str, opened: bool) -> Form:
    """The form of a store."""
    home = _region_of(session, id) or name.region(session)
    assert home is not None  # a desk always has its region
    read = _store(home, id) or _blank(home)

    def now() -> Region:
        return session.get(Region, home.id) or home

    def command(made: Store) -> SaveRegion:
        region = now()
        known = any(each.id == made.id for each in region.stores)
        stores = tuple(made if each.id == made.id else each for each in region.stores)
        return SaveRegion(saved=replace(region, stores=stores if known else (*stores, made)))

    districts = {each.id: ask.spoken(each.name, each.name_en) for each in home.districts}
    asked = (
        ask.line("name", t("Name (Chinese)")),
        ask.beside(ask.line("name_en", t("Name (English)"))),
        ask.line("address", t("Address"), 200),
        ask.line("phone", t("Phone"), 40),
        ask.beside(ask.one_of("district", t("District"), districts)),
        point("point", t("Longitude, latitude"), t("As the map shows it: 121.4737, 31.2304")),
        ask.several("shelves", t("Shelves"), t("Where devices are put: A1, A2, B1 …")),
    )
    draft = Draft(read, asked, lambda: _store(now(), read.id), new=not id)
    return Form(
        session, draft, asked, command, open=opened,
        title=lambda store: t("New store") if draft.new else ask.spoken(store.name, store.name_en),
    )  # fmt: skip


def staff_form(session: Session, id: str, opened: bool) -> Form:
    """The form of a person at a desk: the store where he works."""
    read = session.get(Staff, id)
    assert read is not None  # only who is listed is opened
    known: dict[Any, str] = {None: t("no store")}
    for region in session.all(Region):
        known |= {each.id: ask.spoken(each.name, each.name_en) for each in region.stores}
    asked = (ask.one_of("store", t("Works at"), known),)
    draft = Draft(read, asked, lambda: session.get(Staff, id))
    return Form(
        session, draft, asked, lambda made: SaveStaff(staff=made), open=opened, title=lambda person: person.name,
        hints=lambda person: t("Roles: {roles}", roles=t(", ").join(name.role(each) for each in person.roles)),
    )  # fmt: skip


def point(code: str, word: str, hint: str) -> Asked:
    """A point as two numbers."""
    field = Field()

    def read() -> Point:
        parts = cell.words(field.text().replace(" ", ","))
        try:
            lon, lat = (float(part) for part in parts)
        except ValueError:
            raise NotThat(t("Two numbers are wanted: longitude and latitude.")) from None
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise NotThat(t("Two numbers are wanted: longitude and latitude."))
        return Point(lon, lat)

    return Asked(
        code=code, word=word, widget=field, hint=hint, read=read,
        write=lambda at: field.setText(f"{at.lon:.6f}, {at.lat:.6f}"),
        alike=lambda at: (round(at.lon, 6), round(at.lat, 6)),
    )  # fmt: skip


def _store(region: Region, id: str) -> Store | None:
    return next((each for each in region.stores if each.id == id), None)


def _region_of(session: Session, id: str) -> Region | None:
    return next((region for region in session.all(Region) if _store(region, id) is not None), None)


def _blank(region: Region) -> Store:
    first = region.districts[0] if region.districts else None
    return Store(
        id=new_id(),
        name="",
        district=first.id if first else "",
        point=first.centre if first else region.centre,
    )
