"""What the map's page is made of, and which differences it is told."""

import re
from html.parser import HTMLParser

import pytest

from dispatcher_app import resource, text
from dispatcher_app.domain.datum import wgs84_to_gcj02
from ui import mark, theme
from ui.map.ground import outlines
from ui.map.look import look
from ui.map.marks import MapSettings, OrderMark, Position, TechnicianMark, TileSource
from ui.map.page import build
from ui.map.picture import Picture

TILES = TileSource("https://t{s}.tiles.example/{z}/{x}/{y}.png?a=1", "© A <b> & B", "gcj02", "12", 17)


def unshifted(lon: float, lat: float) -> tuple[float, float]:
    return lon, lat


def technician(id: str, lon: float = 121.5, at_ms: int = 1, status: str = "online") -> TechnicianMark:
    return TechnicianMark(id, f"师傅{id}", status, ("空调",), Position(id, lon, 31.2, at_ms))


class Loads(HTMLParser):
    """Collects what a page's tags load, and its policy."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.policy = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.addresses += [address for name in ("src", "href") if (address := told.get(name))]
        if told.get("http-equiv") == "Content-Security-Policy":
            self.policy = told.get("content") or ""


def test_the_page_loads_nothing_and_its_policy_allows_nothing() -> None:
    page = Loads(build(MapSettings()))
    assert page.addresses == []
    assert "default-src 'none'" in page.policy
    assert "//" not in page.policy


def test_every_shipped_script_stands_in_the_page() -> None:
    page = build(MapSettings())
    for script in resource.path("map").glob("*.js"):
        assert script.read_text(encoding="utf-8") in page


def test_the_tile_server_is_the_only_one_the_policy_allows() -> None:
    page = Loads(build(MapSettings(tiles=TILES)))
    assert page.addresses == []
    assert re.findall(r"https?://\S+", page.policy) == [
        "https://t1.tiles.example",
        "https://t2.tiles.example",
    ]


def test_the_tiles_attribution_is_shown_as_plain_text() -> None:
    assert "A <b>" not in build(MapSettings(tiles=TILES))


def test_the_page_is_the_same_every_time() -> None:
    assert build(MapSettings()) == build(MapSettings())


def test_each_mark_is_told_once_however_often_it_moved() -> None:
    picture = Picture(unshifted)
    picture.put_technicians([technician("1"), technician("2")])
    picture.difference()
    picture.move(Position("1", 121.5 + step / 100, 31.2, step + 2) for step in range(5))
    assert picture.difference() == {"m": [["1", 121.54, 31.2, 6]]}
    assert picture.difference() == {}


def test_only_what_changed_is_told_again() -> None:
    picture = Picture(unshifted)
    picture.put_technicians([technician("1"), technician("2")])
    picture.difference()
    picture.put_technicians([technician("1"), technician("2", status="busy")])
    assert [row[:3] for row in picture.difference()["t"]] == [["2", "师傅2", "busy"]]


def test_an_older_or_unknown_position_is_passed_over() -> None:
    picture = Picture(unshifted)
    picture.put_technicians([technician("1", at_ms=100)])
    picture.difference()
    picture.move([Position("1", 120.0, 30.0, 99), Position("nobody", 120.0, 30.0, 200)])
    assert picture.difference() == {}


def test_a_changed_technician_without_a_position_keeps_the_last_one() -> None:
    picture = Picture(unshifted)
    picture.put_technicians([technician("1")])
    picture.put_technicians([TechnicianMark("1", "师傅1", "offline")])
    assert picture.technicians["1"].position == Position("1", 121.5, 31.2, 1)


def test_a_removed_mark_is_told_gone_and_nothing_else() -> None:
    picture = Picture(unshifted)
    picture.put_technicians([technician("1")])
    picture.put_orders([OrderMark("o", "10-1", "pending", "normal", 121.4, 31.1)])
    picture.difference()
    picture.move([Position("1", 121.6, 31.2, 9)])
    picture.remove("technician", ["1", "unknown"])
    assert picture.difference() == {"gone": [["technician", "1"]], "refit": True}


def test_the_view_is_fitted_only_when_marks_come_or_go() -> None:
    picture = Picture(unshifted)
    picture.put_technicians([technician("1")])
    assert picture.difference()["refit"]
    picture.move([Position("1", 121.6, 31.2, 9)])
    picture.put_technicians([technician("1", 121.6, 9, "busy")])
    assert "refit" not in picture.difference()


def test_marks_are_told_in_the_datum_of_the_tiles() -> None:
    picture = Picture(wgs84_to_gcj02)
    picture.put_technicians([technician("1")])
    [row] = picture.whole()["t"]
    assert row[4:6] == [pytest.approx(degrees, abs=1e-6) for degrees in wgs84_to_gcj02(121.5, 31.2)]


def test_districts_are_read_from_polygons_and_a_point_is_only_a_name() -> None:
    square = [[121.0, 31.0], [121.1, 31.0], [121.1, 31.1], [121.0, 31.0]]
    districts = {
        "features": [
            {"properties": {"name": "甲"}, "geometry": {"type": "Polygon", "coordinates": [square]}},
            {"properties": None, "geometry": {"type": "MultiPolygon", "coordinates": [[square], [square]]}},
            {"properties": {"name": "点"}, "geometry": {"type": "Point", "coordinates": [121.0, 31.0]}},
            {"properties": {"name": "线"}, "geometry": {"type": "LineString", "coordinates": square}},
            {"properties": {"name": "无"}, "geometry": None},
        ]
    }
    assert [(each["name"], len(each["rings"])) for each in outlines(districts, unshifted)] == [
        ("甲", 1),
        ("", 2),
        ("点", 0),
    ]


def test_every_published_state_has_its_colour_and_word_on_the_map() -> None:
    told = look(theme.make("dark"), 1)
    assert told["technician"].keys() == mark.TECHNICIAN.keys()
    assert told["order"].keys() == mark.ORDER.keys()
    assert len({state["shape"] for state in told["technician"].values()}) == len(mark.TECHNICIAN)


def test_every_word_of_the_map_is_translated() -> None:
    told = look(theme.make("light"), 1)
    text.use("en")
    english = look(theme.make("light"), 1)
    assert [word for word, said in told["words"].items() if said == english["words"][word]] == []
