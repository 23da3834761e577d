"""The customer's page in Chromium, on a telephone's screen: read, answered with taps, nothing loaded from elsewhere."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from pytestqt.qtbot import QtBot

from tests.server.city import Place
from tests.server.desk import Desk, desk
from tests.server.onsite import completed, quoted, state, token_of
from tests.server.process import Server

WAIT_MS = 20_000


class Requests(QWebEngineUrlRequestInterceptor):
    """Writes down whatever the page asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        self.addresses.append(info.requestUrl().toString())


class Complaining(QWebEnginePage):
    """A page that keeps what the engine says against it."""

    def __init__(self, profile: QWebEngineProfile) -> None:
        super().__init__(profile)
        self.complaints: list[str] = []

    def javaScriptConsoleMessage(
        self, level: QWebEnginePage.JavaScriptConsoleMessageLevel, message: str, line: int, source: str
    ) -> None:
        self.complaints.append(message)


class Telephone:
    """A browser of 390 × 844 points."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.requests = Requests()
        self.profile = QWebEngineProfile()
        self.profile.setUrlRequestInterceptor(self.requests)
        self.page = Complaining(self.profile)
        self.view = QWebEngineView()
        self.view.setPage(self.page)
        self.view.resize(390, 844)
        self.view.show()

    def open(self, address: str) -> None:
        """Load an address."""
        with self.qtbot.waitSignal(self.view.loadFinished, timeout=WAIT_MS) as loaded:
            self.view.load(QUrl(address))
        assert loaded.args == [True]

    def ask(self, script: str) -> Any:
        """What a script gives, asked from outside the page."""
        given: list[Any] = []
        self.page.runJavaScript(script, given.append)
        self.qtbot.waitUntil(lambda: bool(given), timeout=WAIT_MS)
        return given[0]

    def tap(self, selector: str) -> None:
        """Tap something that leads to another page."""
        with self.qtbot.waitSignal(self.view.loadFinished, timeout=WAIT_MS):
            self.page.runJavaScript(f"document.querySelector({selector!r}).click()")

    def close(self) -> None:
        """Put it away."""
        self.view.close()
        self.view.deleteLater()
        self.page.deleteLater()
        QCoreApplication.sendPostedEvents(None, 52)  # DeferredDelete: a profile must outlive its pages
        self.profile.deleteLater()
        QCoreApplication.sendPostedEvents(None, 52)


@pytest.fixture
def telephone(qtbot: QtBot) -> Iterator[Telephone]:
    made = Telephone(qtbot)
    yield made
    made.close()


@pytest.fixture
def public(sqlite: Place, launch: Callable[..., Server]) -> Server:
    return launch(sqlite, "--public", "http://127.0.0.1")


@pytest.fixture
def lina(public: Server) -> Iterator[Desk]:
    with desk(public.url, "lina") as made:
        yield made


def test_a_quote_is_agreed_to_with_one_tap(
    sqlite: Place, public: Server, lina: Desk, telephone: Telephone
) -> None:
    telephone.open(f"{public.url}/t/{token_of(sqlite, quoted(lina))}")
    assert telephone.ask("document.querySelector('h1').innerText") == "维修进行中"
    assert telephone.ask("document.documentElement.scrollWidth") <= 390
    assert telephone.ask("getComputedStyle(document.querySelector('button.main')).minHeight") == "48px"
    telephone.tap("form[action*='confirm-quote'] button")
    assert "已同意报价" in telephone.ask("document.querySelector('.said').innerText")
    assert state(lina, "o-1")["revisions"][0]["state"] == "accepted"
    assert telephone.page.complaints == []
    assert {QUrl(each).host() for each in telephone.requests.addresses} == {"127.0.0.1"}


def test_a_review_is_given_with_taps_and_stays_within_a_narrow_screen(
    sqlite: Place, public: Server, lina: Desk, telephone: Telephone
) -> None:
    token = token_of(sqlite, completed(lina))
    telephone.view.resize(320, 568)
    telephone.open(f"{public.url}/t/{token}?lang=en")
    assert telephone.ask("document.documentElement.scrollWidth") <= 320
    for name in ("stars", "skill", "attitude", "efficiency"):
        telephone.ask(f"document.querySelector('input[name={name}][value=\"4\"]').checked = true")
    telephone.ask("document.querySelector('input[name=solved][value=yes]').checked = true")
    telephone.ask("document.querySelector('#review textarea').value = 'Well done'; true")
    telephone.tap("#review button")
    assert "Thank you" in telephone.ask("document.querySelector('.said').innerText")
    review = lina.state()["review", "o-1"][1]
    assert (review["stars"], review["text"], review["solved"]) == (4, "Well done", True)
    assert telephone.page.complaints == []
