"""The look: readable, the same for colour-blind people, and complete for every state."""

from itertools import pairwise

import pytest
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from dispatcher_app import text
from dispatcher_app.domain.order import STATUSES
from ui import icons, mark, theme

MODES = ("light", "dark")
GROUNDS = ("surface", "canvas", "sunken", "hover", "selection", "selection_idle")
HUES: tuple[mark.Hue, ...] = (
    "red", "orange", "amber", "blue", "cyan", "green", "purple", "olive", "grey", "dim",
)  # fmt: skip
MARKS = [each for kind in mark.KINDS.values() for each in kind.values()]

# What people with no long-, middle- or short-wave cones see (Machado, Oliveira, Fernandes 2009, severity 1).
BLINDNESS = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.01182, 0.04294, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.3039),
    ),
}


def linear(colour: QColor) -> tuple[float, float, float]:
    def one(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return one(colour.redF()), one(colour.greenF()), one(colour.blueF())


def contrast(one: QColor, other: QColor) -> float:
    """The ratio of WCAG 2.2, 1 to 21."""
    bright = sorted(
        sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True)) for c in (one, other)
    )
    return (bright[1] + 0.05) / (bright[0] + 0.05)


def seen(colour: QColor, blindness: str) -> tuple[float, float, float]:
    """Where a colour lies in CIE L*a*b* (D65) for a person with that blindness."""
    light = [
        min(max(sum(m * c for m, c in zip(row, linear(colour), strict=True)), 0.0), 1.0)
        for row in BLINDNESS[blindness]
    ]
    to_xyz = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    f = [
        t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116
        for t in (
            sum(m * c for m, c in zip(row, light, strict=True)) / w
            for row, w in zip(to_xyz, white, strict=True)
        )
    ]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_reads_on_every_background(mode: str, ground: str) -> None:
    look = theme.make("dark" if mode == "dark" else "light")
    for ink in ("text", "muted", "accent", *HUES):
        assert contrast(look.colour(ink), look.colour(ground)) >= 4.5, (ink, ground)


@pytest.mark.parametrize("mode", MODES)
def test_a_state_reads_on_its_chip_and_on_its_bar(mode: str) -> None:
    look = theme.make("dark" if mode == "dark" else "light")
    for hue in HUES:
        assert contrast(look.ink(hue), look.wash(hue)) >= 4.5, hue
        assert contrast(look.colour("surface"), look.ink(hue)) >= 4.5, hue
    assert contrast(look.colour("on_accent"), look.colour("accent")) >= 4.5
    assert contrast(look.colour("on_accent"), look.colour("accent_hover")) >= 4.5
    assert contrast(look.colour("on_tooltip"), look.colour("tooltip")) >= 4.5


@pytest.mark.parametrize("mode", MODES)
def test_the_focus_ring_stands_out_from_what_it_surrounds(mode: str) -> None:
    look = theme.make("dark" if mode == "dark" else "light")
    for ground in GROUNDS:
        assert contrast(look.colour("accent"), look.colour(ground)) >= 3, ground


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_states_that_follow_one_another_differ_for_colour_blind_people(mode: str, blindness: str) -> None:
    look = theme.make("dark" if mode == "dark" else "light")
    living = ("pending", "offered", "accepted", "en_route", "in_progress", "on_hold", "finished", "completed")
    bench = ("received", "diagnosing", "quoted", "repairing", "ready", "handed_back")
    for before, after in (*pairwise(living), *pairwise(bench), ("diagnosing", "repairing")):
        one, other = (seen(look.ink(mark.ORDER[code]), blindness) for code in (before, after))
        apart = sum((a - b) ** 2 for a, b in zip(one, other, strict=True)) ** 0.5
        assert apart >= 8, (before, after, round(apart, 1))


@pytest.mark.parametrize("kind", mark.KINDS)
def test_no_two_states_of_a_kind_share_glyph_icon_or_word(kind: mark.Kind) -> None:
    marks = mark.KINDS[kind].values()
    for language in text.LANGUAGES:
        text.use(language)
        assert len({each.label() for each in marks}) == len(marks)
    assert len({each.glyph for each in marks}) == len(marks)
    assert len({each.icon for each in marks}) == len(marks)


@pytest.mark.parametrize("each", MARKS, ids=lambda each: f"{each.icon}")
def test_every_mark_has_a_chinese_word_and_an_icon(each: mark.Mark) -> None:
    assert text.has_cjk(each.label())
    assert each.icon in icons.NAMES


def test_the_states_are_called_what_dispatchers_call_them() -> None:
    visits = "待派单 待接单 已接单 已出发 维修中 挂起 待验收 已完成 已取消"
    bench = "已收件 检测中 待确认报价 维修中(送修) 待取件 已取件"
    assert " ".join(each.label() for each in mark.ORDER.values()) == f"{visits} {bench}"


def test_every_status_of_an_order_has_its_mark() -> None:
    assert tuple(mark.ORDER) == STATUSES


def test_a_state_of_a_newer_server_is_shown_as_it_stands() -> None:
    assert mark.mark("order", "teleported").label() == "teleported"
    assert mark.mark("order", "pending") is mark.ORDER["pending"]


def test_all_figures_are_equally_wide(qapp: QApplication) -> None:
    metrics = QFontMetrics(theme.current().font())
    assert len({metrics.horizontalAdvance(figure) for figure in "0123456789"}) == 1


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("scale", theme.SCALES)
def test_a_change_of_look_reaches_open_windows(
    qapp: QApplication, qtbot: QtBot, mode: str, scale: float
) -> None:
    window = QWidget()
    button = QPushButton("派单", window)
    qtbot.addWidget(window)
    window.show()
    look = theme.apply(qapp, "dark" if mode == "dark" else "light", scale)
    assert theme.current() is look
    assert button.font().pixelSize() == round(13 * scale)
    assert window.palette().window().color() == look.colour("canvas")


def test_eighteen_rows_of_the_queue_are_seen_on_a_small_screen() -> None:
    bars = 3 * theme.make("light").control_height + 8 * theme.make("light").space(4)
    assert (768 - bars) // theme.make("light").row_height >= 18


def test_every_icon_exists_and_is_drawn_in_the_colour_asked_for(qapp: QApplication) -> None:
    for name in icons.NAMES:
        assert not icons.pixmap(name).isNull(), name
    image = icons.pixmap("assign", "red", 32).toImage()
    drawn = {
        image.pixelColor(x, y).name()
        for x in range(32)
        for y in range(32)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert drawn == {theme.current().palette.red.lower()}


def test_an_icon_that_means_nothing_is_refused(qapp: QApplication) -> None:
    with pytest.raises(KeyError):
        icons.icon("nothing")
