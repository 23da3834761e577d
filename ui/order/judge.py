"""A review that is given on the telephone, and what we answer to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout

from dispatcher_app.domain.command import ReplyToReview, ReviewOrder
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.rule.review import TEXT_LIMIT
from dispatcher_app.text import t
from ui import theme
from ui.controls.paragraph import Paragraph
from ui.controls.section import label
from ui.order.form import Form
from ui.order.stars import StarPick, starred

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session


class ReviewForm(Form):
    """What the customer says, word for word; what he has judged before stands in it."""

    def __init__(self, session: Session, order: Order) -> None:
        title = t("Review {number} on the customer's behalf", number=order.number)
        super().__init__(session, order, title, t("Save review"))
        self._former = former = session.review_of(order.id)
        look = theme.current()
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.space(3))
        grid.setVerticalSpacing(look.space(1))
        grid.setColumnStretch(1, 1)
        self.stars = {
            code: StarPick(word, getattr(former, code) if former else 0)
            for code, word in dimensions().items()
        }
        for row, (code, word) in enumerate(dimensions().items()):
            self.stars[code].setObjectName(f"review_{code}")
            grid.addWidget(label(word, "muted"), row, 0)
            grid.addWidget(self.stars[code], row, 1)
        self.solved = QComboBox()
        self.solved.setObjectName("review_solved")
        self.solved.setAccessibleName(t("Solved?"))
        self.solved.setPlaceholderText(t("Ask the customer"))
        self.solved.addItem(t("Solved"), True)
        self.solved.addItem(t("Not solved"), False)
        self.solved.setCurrentIndex(-1 if former is None else int(not former.solved))
        grid.addWidget(label(t("Solved?"), "muted"), len(self.stars), 0)
        grid.addWidget(self.solved, len(self.stars), 1)
        self.text = _words("review_text", t("What the customer says##review"), former.text if former else "")
        self.suggestion = _words(
            "review_suggestion", t("What we should do better"), former.suggestion if former else ""
        )
        self.body.addLayout(grid)
        self.body.addWidget(self.text)
        self.body.addWidget(self.suggestion)
        self.ask = self._command
        self.setFocusProxy(self.stars["stars"])

    def _command(self) -> ReviewOrder | None:
        if (unasked := next((pick for pick in self.stars.values() if not pick.stars), None)) is not None:
            self.refuse(t("Every star row needs an answer: press 1 to 5."))
            unasked.setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        solved = self.solved.currentData()
        if solved is None:
            self.refuse(t("Say whether the trouble is solved."))
            self.solved.setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        given = {code: pick.stars for code, pick in self.stars.items()}
        return ReviewOrder(
            order=self.order.id, **given, solved=solved, text=self.text.toPlainText(),
            suggestion=self.suggestion.toPlainText(), photos=self._former.photos if self._former else (),
        )  # fmt: skip


class ReplyForm(Form):
    """The customer reads it on his page; another reply replaces it."""

    def __init__(self, session: Session, order: Order) -> None:
        super().__init__(
            session, order, t("Reply to the review of {number}", number=order.number), t("Save reply")
        )
        found = session.review_of(order.id)
        if found is not None:
            self.body.addWidget(label(starred(found.stars), "strong"))
            self.body.addWidget(label(found.text or t("He gave stars and no words."), "muted", wrap=True))
        self.text = _words("reply_text", t("Our reply, the customer reads it"), found.reply if found else "")
        self.body.addWidget(self.text)
        self.ask = self._command
        self.setFocusProxy(self.text)

    def _command(self) -> ReplyToReview:
        return ReplyToReview(order=self.order.id, text=self.text.toPlainText())


def dimensions() -> dict[str, str]:
    """What stars are given for, in the order in which customers are asked."""
    return {
        "stars": t("Overall##stars"),
        "skill": t("Skill##stars"),
        "attitude": t("Attitude##stars"),
        "efficiency": t("Efficiency##stars"),
    }


def _words(id: str, hint: str, text: str) -> Paragraph:
    field = Paragraph()
    field.setObjectName(id)
    field.setAccessibleName(hint)
    field.setPlaceholderText(hint)
    field.setFixedHeight(theme.current().px(64))
    field.setPlainText(text)
    field.textChanged.connect(lambda: _cut(field))
    return field


def _cut(field: Paragraph) -> None:
    if len(text := field.toPlainText()) > TEXT_LIMIT:
        field.setPlainText(text[:TEXT_LIMIT])
        field.moveCursor(field.textCursor().MoveOperation.End)
