"""folium's page with every script and style taken from `resources/map`."""

import html
import re
from urllib.parse import urlsplit

from branca.element import Element, Figure
from folium import Map, TileLayer

from ui.map.marks import MapSettings, TileSource

_SCRIPTS = ("leaflet.js", "ground.js", "sprites.js", "marks.js", "pane.js", "dispatch-map.js")
_STYLES = ("leaflet.css", "dispatch-map.css")
_CHANNEL = "qrc:///qtwebchannel/qwebchannel.js"
_MAX_ZOOM = 19
_REMOTE_LOAD = re.compile(r"""(?:src|href)\s*=\s*["']?\s*(?:https?:)?//""", re.IGNORECASE)


def build(settings: MapSettings) -> str:
    """The map's HTML, to be loaded with `resources/map/` as its base; it loads nothing from elsewhere but tiles."""
    page = Map(
        location=(settings.centre[1], settings.centre[0]),
        zoom_start=settings.zoom,
        tiles=None,
        zoom_control="topleft",
        **_behaviour(settings.tiles),
    )
    page._id = "dispatch"  # folium would draw a new random name each time
    # folium's own lists name its CDNs, and bring jquery, bootstrap and icon fonts that nothing here uses.
    page.default_js = [("channel", _CHANNEL), *((name, name) for name in _SCRIPTS)]
    page.default_css = [(name, name) for name in _STYLES]
    if settings.tiles:
        page.add_child(_tiles(settings.tiles))
    figure = page.get_root()
    assert isinstance(figure, Figure)
    figure.header.add_child(Element(_policy(settings.tiles)), name="policy", index=0)
    rendered: str = figure.render()
    # The last script of the page: by then folium's own has made the map.
    rendered = rendered.replace("</html>", f"<script>Dispatch.start({page.get_name()}, {_MAX_ZOOM if not settings.tiles else settings.tiles.max_zoom});</script>\n</html>")
    if _REMOTE_LOAD.search(rendered):
        raise ValueError("the map's page would load a script or style from elsewhere")
    return rendered


def _behaviour(tiles: TileSource | None) -> dict[str, object]:
    """Leaflet's options: no animation over 150 ms, and fine zoom steps where no tile would blur."""
    snap = 1 if tiles else 0.25
    return {
        "zoom_animation": False,
        "fade_animation": False,
        "inertia": False,
        "double_click_zoom": False,
        "box_zoom": True,
        "zoom_snap": snap,
        "zoom_delta": 1 if tiles else 0.5,
        "wheel_px_per_zoom_level": 90,
        "attribution_control": False,
    }


def _tiles(source: TileSource) -> TileLayer:
    return TileLayer(
        tiles=source.url,
        attr=html.escape(source.attribution),
        subdomains=source.subdomains,
        max_zoom=source.max_zoom,
    )


def _policy(tiles: TileSource | None) -> str:
    """Tell the page's engine itself to refuse everything but its own folder and the tile server."""
    images = "file: data: blob:"
    if tiles:
        scheme, host, *_ = urlsplit(tiles.url)
        images += "".join(f" {scheme}://{name}" for name in sorted({host.replace("{s}", s) for s in tiles.subdomains}))
    rules = (
        "default-src 'none'",
        "script-src file: qrc: 'unsafe-inline'",
        "style-src file: 'unsafe-inline'",
        f"img-src {images}",
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{html.escape("; ".join(rules))}">'
