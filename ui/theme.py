"""Colours, type and spacing of every window, light and dark.

Widgets ask `current()` for a token and never write a colour themselves. How a state looks stands in
`ui.mark`; a `Theme` gives that mark its ink (text, glyph, solid bar) and its wash (soft background).
"""

import sys
from dataclasses import asdict, dataclass, field, replace
from string import Template
from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from dispatcher_app import resource
from ui.mark import Hue, Mark

Mode = Literal["light", "dark", "system"]

SCALES: Final = (0.9, 1.0, 1.15, 1.3, 1.5)

_DATA_PX: Final = 13
_GRID_PX: Final = 4
_PROPERTY: Final = "dispatcher_theme"


@dataclass(frozen=True, slots=True)
class Palette:
    """The colour tokens of one mode, as `#RRGGBB`."""

    canvas: str
    """Behind everything: window, tool bars, the gaps between panels."""
    surface: str
    """Panels, tables, fields: what is read."""
    sunken: str
    """Headers of tables, read-only fields, alternate rows."""
    hover: str
    pressed: str
    line: str
    """Hairlines between things that belong together."""
    border: str
    """The edge of something that can be filled in or pressed."""
    text: str
    muted: str
    """Second-rank text: still readable everywhere."""
    disabled: str
    accent: str
    """The one accent: focus, selection, primary button, link."""
    accent_hover: str
    on_accent: str
    selection: str
    """Background of selected rows; every ink reads on it."""
    selection_idle: str
    """The same while another panel has the focus."""
    tooltip: str
    on_tooltip: str
    red: str
    orange: str
    amber: str
    blue: str
    cyan: str
    green: str
    purple: str
    olive: str
    grey: str
    dim: str


LIGHT: Final = Palette(
    canvas="#F3F5F8",
    surface="#FFFFFF",
    sunken="#F8F9FB",
    hover="#EDF1F6",
    pressed="#E1E7EF",
    line="#E1E5EB",
    border="#BCC4D0",
    text="#1B1F26",
    muted="#59626F",
    disabled="#9AA2AE",
    accent="#2257BF",
    accent_hover="#1B479E",
    on_accent="#FFFFFF",
    selection="#DCE8FA",
    selection_idle="#E8EDF4",
    tooltip="#262C36",
    on_tooltip="#F3F5F8",
    red="#B3123A",
    orange="#8E2E00",
    amber="#806200",
    blue="#0B5196",
    cyan="#006F80",
    green="#005A3E",
    purple="#8F3D78",
    olive="#546C00",
    grey="#4A525E",
    dim="#5F6875",
)

DARK: Final = Palette(
    canvas="#14171C",
    surface="#1B1F26",
    sunken="#20252D",
    hover="#272D37",
    pressed="#303845",
    line="#2C323C",
    border="#475060",
    text="#E4E7EC",
    muted="#A3ACB9",
    disabled="#68717F",
    accent="#7FB0FF",
    accent_hover="#A3C6FF",
    on_accent="#0D1626",
    selection="#263B5E",
    selection_idle="#2A323F",
    tooltip="#E4E7EC",
    on_tooltip="#14171C",
    red="#FF8F85",
    orange="#FFA366",
    amber="#E8C34A",
    blue="#74B6F5",
    cyan="#6FD6E8",
    green="#4DBB92",
    purple="#E8A0CF",
    olive="#B5CC5A",
    grey="#B0B8C4",
    dim="#A0A8B5",
)


@dataclass(frozen=True, slots=True)
class Theme:
    """One look: its mode, its palette, and sizes in device-independent pixels at `scale`."""

    mode: Literal["light", "dark"] = "light"
    palette: Palette = field(default=LIGHT)
    scale: float = 1.0

    def space(self, steps: float) -> int:
        """A distance of `steps` on the 4-pixel grid; spacing does not grow with the type."""
        return round(steps * _GRID_PX)

    def px(self, at_100_percent: float) -> int:
        """A size that grows with the type, such as a row's height or an icon's edge."""
        return round(at_100_percent * self.scale)

    @property
    def row_height(self) -> int:
        """Height of one row of a table or list."""
        return self.px(30)

    @property
    def control_height(self) -> int:
        """Height of a button or a field."""
        return self.px(30)

    @property
    def icon_size(self) -> int:
        """Edge of an icon in a row, a button or a menu."""
        return self.px(16)

    def colour(self, token: str) -> QColor:
        """The colour of a palette token, such as `muted` or `red`."""
        return QColor(getattr(self.palette, token))

    def ink(self, mark: Mark | Hue) -> QColor:
        """The colour in which a state is written; also its solid fill, with `surface` written on it."""
        return self.colour(mark.hue if isinstance(mark, Mark) else mark)

    def wash(self, mark: Mark | Hue) -> QColor:
        """The soft background of a state's chip; its ink reads on it."""
        return _mix(self.ink(mark), self.colour("surface"), 0.12 if self.mode == "light" else 0.20)

    def font(self, px: float = _DATA_PX, *, bold: bool = False) -> QFont:
        """The interface font at `px` (for 100 %), with figures of one width."""
        font = QFont(families())
        font.setPixelSize(self.px(px))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font


def apply(app: QApplication, mode: Mode = "system", scale: float = 1.0, *, contrast: bool = False) -> Theme:
    """Dress the whole application; windows that are open change at once (QEvent.PaletteChange)."""
    theme = make(_settled(app, mode), scale, contrast=contrast)
    app.setProperty(_PROPERTY, theme)
    style = QStyleFactory.create("Fusion")
    app.setStyle(style)
    app.setFont(theme.font())
    app.setPalette(qt_palette(theme))
    app.setStyleSheet(style_sheet(theme))
    return theme


def current() -> Theme:
    """The look of the running application; light at 100 % before `apply`."""
    app = QApplication.instance()
    theme = app.property(_PROPERTY) if app is not None else None
    return theme if isinstance(theme, Theme) else Theme()


def make(mode: Literal["light", "dark"], scale: float = 1.0, *, contrast: bool = False) -> Theme:
    """A look without an application, for pages and tests; `contrast` for eyes that need more of it."""
    palette = DARK if mode == "dark" else LIGHT
    return Theme(mode, _stronger(palette) if contrast else palette, scale)


def _stronger(palette: Palette) -> Palette:
    """Second-rank words as strong as the first, every edge as strong as a word; states keep their hues."""
    edge = palette.muted
    text, surface = ("#000000", "#FFFFFF") if palette is LIGHT else ("#FFFFFF", "#000000")
    return replace(
        palette,
        text=text,
        surface=surface,
        muted=palette.text,
        disabled=edge,
        line=palette.border,
        border=edge,
    )


def style_sheet(theme: Theme) -> str:
    """The Qt style sheet of `theme`, from `resources/styles/app.qss` and the tokens."""
    sizes = {f"px{size}": f"{theme.px(size)}px" for size in range(1, 65)}
    washes = {f"{hue}_wash": theme.wash(hue).name() for hue in ("red", "orange", "amber", "blue", "green")}
    icons = resource.path("icons", theme.mode).as_posix()
    template = Template(resource.path("styles", "app.qss").read_text(encoding="utf-8"))
    return template.substitute(asdict(theme.palette), icons=icons, **sizes, **washes)


def qt_palette(theme: Theme) -> QPalette:
    """The palette for what Qt paints without the style sheet."""
    role = QPalette.ColorRole
    palette = QPalette()
    for which, token in (
        (role.Window, "canvas"),
        (role.WindowText, "text"),
        (role.Base, "surface"),
        (role.AlternateBase, "sunken"),
        (role.Text, "text"),
        (role.Button, "surface"),
        (role.ButtonText, "text"),
        (role.BrightText, "red"),
        (role.Highlight, "selection"),
        (role.HighlightedText, "text"),
        (role.Link, "accent"),
        (role.LinkVisited, "purple"),
        (role.ToolTipBase, "tooltip"),
        (role.ToolTipText, "on_tooltip"),
        (role.PlaceholderText, "muted"),
        (role.Accent, "accent"),
        (role.Light, "surface"),
        (role.Midlight, "hover"),
        (role.Mid, "line"),
        (role.Dark, "border"),
        (role.Shadow, "border"),
    ):
        palette.setColor(which, theme.colour(token))
    for which in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, theme.colour("disabled"))
    palette.setColor(QPalette.ColorGroup.Inactive, role.Highlight, theme.colour("selection_idle"))
    return palette


def families() -> list[str]:
    """Font families in order of preference: the platform's own, then one that has Chinese."""
    if sys.platform == "win32":
        return ["Segoe UI", "Microsoft YaHei UI", "Microsoft YaHei", "Segoe UI Symbol"]
    own = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    if sys.platform == "darwin":
        return [own, "PingFang SC", "Apple Symbols"]
    return ["Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", own, "DejaVu Sans"]


def _settled(app: QApplication, mode: Mode) -> Literal["light", "dark"]:
    if mode == "system":
        return "dark" if app.styleHints().colorScheme() is Qt.ColorScheme.Dark else "light"
    return mode


def _mix(colour: QColor, ground: QColor, share: float) -> QColor:
    def blend(of: int, under: int) -> int:
        return round(of * share + under * (1 - share))

    return QColor(
        blend(colour.red(), ground.red()),
        blend(colour.green(), ground.green()),
        blend(colour.blue(), ground.blue()),
    )
