"""A replica of 100,000 orders: how long it takes to be filled, and how long filter, search and sort take to answer."""

from __future__ import annotations

import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from dispatcher_app import codec
from dispatcher_app.client.replica.ask import VIEWS, OrderQuery
from dispatcher_app.client.replica.reader import Reader
from dispatcher_app.client.replica.writer import Writer
from dispatcher_app.clock import new_id, now_ms
from dispatcher_app.domain.calendar import HOUR_MS, local_date
from dispatcher_app.domain.customer import Address, Customer
from dispatcher_app.domain.entity import Entity
from dispatcher_app.domain.order import Line, Order, Quote, QuoteLine, Status, Step, Visit, Window
from dispatcher_app.domain.place import Point
from dispatcher_app.domain.region import Policy, Region
from dispatcher_app.rows import SORTABLE

ORDERS = 100_000
PAGE = 2_000
ZONE = "Asia/Shanghai"
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
GIVEN = "丽华明芳伟强秀英建国小红志远嘉欣子涵雨桐"
NAMES = ("平安", "阳光", "幸福", "新华", "长宁", "曹杨")
COMPOUNDS = tuple(f"{name}{number}村" for name in NAMES for number in range(80))
CENTRE = Point(121.47, 31.23)


def company(dice: random.Random, now: int) -> Iterator[Entity]:
    """A region with its orders of six weeks, nine of ten closed."""
    yield Region(id="sh", version=1, name="上海", centre=CENTRE)
    yield Policy(version=1)
    for number in range(ORDERS):
        yield from call(dice, number, now)


def call(dice: random.Random, number: int, now: int) -> tuple[Entity, ...]:
    """A caller, his home and his order."""
    name = dice.choice(SURNAMES) + dice.choice(GIVEN) + dice.choice(GIVEN)
    customer = Customer(
        id=new_id(), region="sh", version=1, name=name, phone_mask=f"139****{dice.randrange(10_000):04}"
    )
    point = Point(CENTRE.lon + dice.uniform(-0.2, 0.2), CENTRE.lat + dice.uniform(-0.2, 0.2))
    address = Address(
        id=new_id(), region="sh", version=1, customer=customer.id, district=f"d{dice.randrange(16)}",
        compound=dice.choice(COMPOUNDS), building=f"{dice.randrange(1, 60)}号楼", point=point,
    )  # fmt: skip
    age = dice.randrange(42 * 24) * HOUR_MS
    created = now - age
    closed = dice.random() < 0.9
    start = created + dice.randrange(1, 72) * HOUR_MS
    status: Status = "completed" if closed else dice.choice(("pending", "offered", "accepted", "en_route"))
    technician = f"t{dice.randrange(200)}" if closed or status in ("accepted", "en_route") else None
    order = Order(
        id=new_id(), region="sh", version=3, number=f"{local_date(created, ZONE)[5:].replace('-', '')}-{number:05}",
        status=status, since=created, created_at=created, closed_at=start if closed else None,
        customer=customer.id, address=address.id, district=address.district, point=point.coarse(),
        lines=(Line(item=f"i{dice.randrange(40)}", fault="f", brand="海尔", minutes=60, labour=12000),),
        visits=(Visit(window=Window(start, start + 2 * HOUR_MS)),), technician=technician,
        planned_on=local_date(start, ZONE) if technician else None,
        quote=Quote(
            lines=(QuoteLine(what="labour", amount=12000, reason="labour"),), total=12000, if_declined=3000,
            currency="CNY", policy_version=1,
        ),
        steps=tuple(Step(at=created + each, actor="staff:wangfang", action="book") for each in range(3)),
    )  # fmt: skip
    return customer, address, order


def fill(writer: Writer, now: int) -> None:
    """Read all of it in, page by page, as the first start does."""
    writer.begin("bench")
    changes: list[dict[str, Any]] = []
    for seq, entity in enumerate(company(random.Random(1), now), 1):
        changes.append({
            "kind": entity.kind, "id": entity.id, "version": entity.version, "seq": seq,
            "body": codec.Raw(codec.encode(entity)),
        })  # fmt: skip
        if len(changes) == PAGE:
            writer.page(page(changes, seq))
            changes = []
    writer.page(page(changes, seq))
    writer.end(now)


def page(changes: list[dict[str, Any]], upto: int) -> bytes:
    """A page as the server sends it."""
    return codec.encode(
        {"log": "sh", "log_id": "bench", "head": upto, "upto": upto, "more": True, "changes": changes}
    )


def best_ms(asked: Callable[[], Any]) -> float:
    """The median of seven answers, in milliseconds."""
    taken = []
    for _ in range(7):
        begun = time.perf_counter()
        asked()
        taken.append((time.perf_counter() - begun) * 1000)
    return round(sorted(taken)[3], 1)


def measure() -> dict[str, Any]:
    """Milliseconds of the slowest filter, search and sort, and what they were made of."""
    now = now_ms()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "replica.db"
        writer = Writer(path, "bench")
        begun = time.perf_counter()
        fill(writer, now)
        filled_s = time.perf_counter() - begun
        reader = Reader(path)
        today = local_date(now, ZONE)

        def keys(**wanted: Any) -> float:
            query = OrderQuery(today=today, **wanted)
            return best_ms(lambda: reader.order_keys(query, now, ZONE))

        sorts = {f"sort_{each}_ms": keys(sort=each) for each in SORTABLE}
        sorts["sort_due_descending_ms"] = keys(descending=True)
        filters = {f"filter_{each}_ms": keys(view=each) for each in VIEWS if each != "all"}
        filters["filter_district_ms"] = keys(district="d3")
        filters["filter_technician_ms"] = keys(technician="t17")
        filters["filter_item_and_status_ms"] = keys(item="i7", statuses=frozenset({"completed"}))
        searches = {
            "search_initials_ms": keys(text="zlh"),
            "search_name_ms": keys(text="张丽"),
            "search_phone_ms": keys(text="1234"),
            "search_two_words_ms": keys(text="平安 9号楼"),
            "search_half_of_all_ms": keys(text="1"),
            "search_nothing_ms": keys(text="没有这样的人"),
        }
        ids = [id for _, id in reader.order_keys(OrderQuery(), now, ZONE)]
        queries: dict[str, OrderQuery] = {each: OrderQuery(view=each, today=today) for each in VIEWS}
        figures: dict[str, Any] = {
            "filter_ms": max(filters.values()),
            "search_ms": max(searches.values()),
            "sort_ms": max(sorts.values()),
            **sorts,
            **filters,
            **searches,
            "counts_of_all_views_ms": best_ms(lambda: reader.view_counts(queries, now, ZONE)),
            "rows_of_a_screen_ms": best_ms(lambda: reader.order_rows(ids[50_000:50_060])),
            "one_order_ms": round(best_ms(lambda: [reader.entity("order", id) for id in ids[:100]]) / 100, 3),
            "fill_s": round(filled_s, 1),
            "file_mb": round(path.stat().st_size / 2**20),
            "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        }
        reader.close()
        writer.close()
        begun = time.perf_counter()
        Writer(path, "bench").close()
        figures["open_and_close_s"] = round(time.perf_counter() - begun, 2)
        return figures
