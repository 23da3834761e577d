"""folium's page in one piece: every script and style comes from `resources/map` and stands in the page itself.

In one piece because the web engine lets a page load either local files or a server's tiles, never both.
"""

import html
import re
from typing import Any
from urllib.parse import urlsplit

from branca.element import Element, Figure
from folium import Map, TileLayer
from PySide6.QtCore import QFile, QIODevice

from dispatcher_app import resource
from ui.map.marks import MapSettings, TileSource

_SCRIPTS = (
    "leaflet.js", "ground.js", "way.js", "sprites.js", "crowd.js", "marks.js", "hit.js", "pane.js", "sketch.js",
    "carry.js", "dispatch-map.js",
)  # fmt: skip
_STYLES = ("leaflet.css", "dispatch-map.css")
_CHANNEL = ":/qtwebchannel/qwebchannel.js"  # inside Qt, of the same version as the application's side
_MAX_ZOOM = 19
_SCRIPT = re.compile(r'<script src="([^"]+)"></script>')
_STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)"/>')


def build(settings: MapSettings) -> str:
    """The map's HTML; it loads nothing but the tiles, and its own policy refuses anything else."""
    page = Map(
        location=(settings.centre[1], settings.centre[0]),
        zoom_start=settings.zoom,
        tiles=None,
        zoom_control="topleft",
        **_behaviour(settings.tiles),
    )
    page._id = "dispatch"  # folium would draw a new random name each time
    # folium's own lists name its CDNs, and bring jquery, bootstrap and icon fonts that nothing here uses.
    page.default_js = [(name, name) for name in (_CHANNEL, *_SCRIPTS)]
    page.default_css = [(name, name) for name in _STYLES]
    if settings.tiles:
        page.add_child(_tiles(settings.tiles))
    figure = page.get_root()
    assert isinstance(figure, Figure)
    figure.header.add_child(Element(_policy(settings.tiles)), name="policy", index=0)
    rendered: str = figure.render()
    rendered = _SCRIPT.sub(lambda found: f"<script>{_text(found[1])}</script>", rendered)
    rendered = _STYLE.sub(lambda found: f"<style>{_text(found[1])}</style>", rendered)
    # The last script of the page: by then folium's own has made the map.
    max_zoom = settings.tiles.max_zoom if settings.tiles else _MAX_ZOOM
    afar = 'document.documentElement.classList.add("afar");' if settings.afar else ""
    start = f"<script>{afar}Dispatch.start({page.get_name()}, {max_zoom});</script>"
    return f"{rendered.removesuffix('</html>')}{start}\n</html>"


def address(settings: MapSettings) -> str:
    """The address under which the page is shown: none, or one that may load tiles and exists nowhere."""
    return f"{urlsplit(settings.tiles.url).scheme}://map.invalid/" if settings.tiles else ""


def _text(name: str) -> str:
    if name != _CHANNEL:
        return resource.path("map", name).read_text(encoding="utf-8")
    import PySide6.QtWebChannel  # noqa: F401 - the library brings the file with it

    file = QFile(name)
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        raise OSError(file.errorString())
    return bytes(file.readAll().data()).decode()


def _behaviour(tiles: TileSource | None) -> dict[str, Any]:
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
        attr=html.escape(source.attribution) or "&nbsp;",  # folium refuses none at all
        subdomains=source.subdomains,
        max_zoom=source.max_zoom,
    )


def _policy(tiles: TileSource | None) -> str:
    """Tell the page's engine itself to refuse everything but its own folder and the tile server."""
    images = "data: blob:"
    if tiles:
        scheme, host, *_ = urlsplit(tiles.url)
        images += "".join(
            f" {scheme}://{name}" for name in sorted({host.replace("{s}", s) for s in tiles.subdomains})
        )
    rules = (
        "default-src 'none'",
        "script-src 'unsafe-inline'",
        "style-src 'unsafe-inline'",
        f"img-src {images}",
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{html.escape("; ".join(rules))}">'
