"""A search while it runs: how far it is, what it has found, and a button for when that will do."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from dispatcher_app.planning.proposal import PlanRun
from dispatcher_app.text import t
from ui import format, theme
from ui.controls.section import label
from ui.plan.curve import Curve
from ui.plan.figure import spell


class Running(QFrame):
    """`enough` tells that the best so far will do."""

    enough = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("panel", "surface")
        self.setObjectName("plan_running")
        self._said = label("", "strong", wrap=True)
        self._said.setObjectName("plan_progress")
        self._found = label("", "muted", wrap=True)
        self._found.setObjectName("plan_found")
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.curve = Curve()
        self.stop = QPushButton(t("Enough, take the best so far"))
        self.stop.setObjectName("plan_stop")
        self.stop.clicked.connect(self._on_stop)
        look = theme.current()
        top = QHBoxLayout()
        top.setSpacing(look.space(2))
        top.addWidget(self._said, 1)
        top.addWidget(self.stop)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(*(look.space(3),) * 4)
        whole.setSpacing(look.space(2))
        whole.addLayout(top)
        whole.addWidget(self.bar)
        whole.addWidget(self._found)
        whole.addWidget(self.curve)

    def begin(self, run: PlanRun) -> None:
        """A search has begun."""
        self.stop.setEnabled(True)
        self.curve.setVisible(run.kind == "day")
        if run.kind == "day":
            self.curve.begin(run.seconds)
        self.show_run(run)

    def show_run(self, run: PlanRun) -> None:
        """Say how far it is."""
        if run.gone_s <= 0 and run.objective_s is None:
            self._said.setText(t("The search is being prepared…"))
            self._found.setText("")
            self.bar.setValue(0)
            return
        gone = min(run.gone_s, run.seconds)
        self.bar.setValue(round(1000 * gone / max(run.seconds, 0.1)))
        said = t("Searching: {gone} of {all} s", gone=f"{gone:.0f}", all=f"{run.seconds:.0f}")
        self._said.setText(
            said if self.stop.isEnabled() else t("{said} – being brought to an end", said=said)
        )
        if run.objective_s is None:
            return
        found = []
        if run.kind == "day" and run.first_s is not None:
            saved = run.first_s - run.objective_s
            found.append(t("{time} saved against the plan in force (driving, lateness and visits left out counted in)",
                           time=spell(saved)))  # fmt: skip
            self.curve.add(run.gone_s, saved)
        if run.unserved is not None:
            found.append(t("{n} visits without a place", n=format.count(run.unserved)))
        self._found.setText(t("; ").join(found))

    def _on_stop(self) -> None:
        self.stop.setEnabled(False)
        self.enough.emit()
