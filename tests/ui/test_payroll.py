"""Finance settles last week, sends what a technician asks for to the bank, and takes the bank's answer back."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pysqlite3

from dispatcher_app.clock import now_ms
from dispatcher_app.domain.calendar import DAY_MS
from dispatcher_app.domain.command import ApproveWithdrawal
from dispatcher_app.domain.money import ledger
from dispatcher_app.domain.money.account import Account
from dispatcher_app.domain.money.statement import Settlement
from dispatcher_app.domain.money.withdrawal import Withdrawal
from dispatcher_app.domain.technician import Technician
from dispatcher_app.server.store.database import Cursor
from dispatcher_app.server.store.ledger import LedgerWrites
from tests.ui.window_desk import City, part, until

if TYPE_CHECKING:
    from dispatcher_app.client.session import Session
    from ui.account.detail import AccountDetail
    from ui.account.panel import PayrollPanel
    from ui.window.main import MainWindow

CARD = "6222020200112233446"


def last_week(city: City, technician: str) -> None:
    """Somebody has earned ¥500; all that was done so far was done last week."""
    frozen, available = ledger.technician(technician, "frozen"), ledger.technician(technician, "available")
    with closing(pysqlite3.connect(city.folder.parent / "server" / "dispatcher.db", timeout=30)) as database:
        cursor = Cursor(database.cursor(), postgresql=False)
        row = cursor.one(
            "SELECT a.seq, a.id, a.log, o.id FROM act a JOIN order_row o ON o.region = a.log ORDER BY a.seq DESC LIMIT 1"
        )
        assert row is not None
        seq, act, region, order = row
        writes = LedgerWrites()
        for cause, source, target in (
            ("share", ledger.platform("shares"), frozen),
            ("release", frozen, available),
        ):
            entries = ((source, 50_000), (target, -50_000))
            writes.post(
                ledger.posting(cause, f"{cause}:extra", "CNY", entries, order), region, seq, now_ms(), act
            )
        writes.flush(cursor)
        cursor.run("UPDATE act SET decided_at = decided_at - ?", (8 * DAY_MS,))
        database.commit()


def state_of(session: Session) -> str:
    """How the one withdrawal stands."""
    found = session.all(Withdrawal)
    return found[0].state if found else ""


async def settled(window: MainWindow) -> PayrollPanel:
    """Last week previewed and settled, as the screen says."""
    window.deck["settlement"].trigger()
    panel = window.payrolls.panel
    assert not panel.run.go.isEnabled(), "nobody settles what he has not looked at"
    part(panel, "run_preview").click()
    await until(lambda: panel.run.foreseen is not None)
    rows = panel.run.table.sheet.rows
    assert rows
    assert panel.run.go.isEnabled()
    panel.run.go.click()
    await until(lambda: any(run.state == "done" for run in window.session.all(Settlement)))
    (run,) = window.session.all(Settlement)
    assert run.done == len(rows)
    assert run.payable == sum(row.payable for row in rows)
    await until(lambda: not panel.run.go.isEnabled())
    return panel


async def asked(window: MainWindow, panel: PayrollPanel, technician: str) -> None:
    """He has a card entered, and a withdrawal is asked for on his behalf."""
    window.deck["accounts"].trigger()
    await until(lambda: panel.accounts.rows and not panel.accounts.busy)
    detail, session = panel.accounts.detail, window.session
    panel.accounts.show_technician(technician)
    await until(lambda: detail.told is not None and detail.told.account.id == technician and not detail.busy)
    part(detail, "account_way").click()
    await filled(detail, {"account_number": CARD, "account_bank": "招商银行上海分行"})
    await until(lambda: (found := session.get(Account, technician)) is not None and found.bank_mask)
    await until(lambda: detail.told is not None and detail.told.account.bank_mask and not detail.busy)
    part(detail, "account_withdraw").click()
    await filled(detail, {"account_amount": "100"})
    await until(lambda: state_of(session) == "asked")


async def filled(detail: AccountDetail, typed: dict[str, str]) -> None:
    """What is asked beside an account, answered."""
    form = detail.form
    assert form is not None
    for field, text in typed.items():
        part(form, field).setText(text)
    part(form, "form_go").click()
    await until(lambda: detail.form is None)


async def test_last_week_is_settled_paid_by_a_batch_and_the_banks_answer_comes_back(
    office: City, loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    async with office.window("zhouxia") as window, office.sitting("chenjing") as supervisor:
        await until(lambda: window.session.link.state == "online")
        technician = window.session.all(Technician)[0].id
        last_week(office, technician)
        panel = await settled(window)
        await asked(window, panel, technician)
        session, page = window.session, panel.withdrawals

        # Who asked may not approve; a colleague does.
        window.deck["withdrawals"].trigger()
        await until(lambda: page.table.sheet.rowCount() == 1)
        page.table.choose(page.table.sheet.rows[0].id)
        part(page, "withdrawal_approve").click()
        await until(lambda: "申请" in page.said.text())
        assert state_of(session) == "asked"
        (withdrawal,) = session.all(Withdrawal)
        supervisor.submit(ApproveWithdrawal(withdrawal=withdrawal.id))
        await until(lambda: state_of(session) == "approved")

        page.table.choose(withdrawal.id)
        await until(lambda: part(page, "withdrawal_send").isEnabled())
        part(page, "withdrawal_send").click()
        await until(lambda: state_of(session) == "sending")
        (withdrawal,) = session.all(Withdrawal)
        await until(lambda: part(page, "withdrawal_file").isEnabled())
        file = tmp_path / "batch.xlsx"
        await page.save(file, withdrawal.batch)
        head, row = [[cell.value for cell in line] for line in openpyxl.load_workbook(file).active.rows]
        assert (row[0], row[2], float(row[4])) == (withdrawal.id, CARD, 100.0)

        # The bank sends the same table back with two columns more.
        answer = tmp_path / "answer.csv"
        answer.write_text(f"{head[0]},结果,银行流水号\n{withdrawal.id},成功,BK20261123\n", encoding="gb18030")
        await page.bring_in(answer)
        await until(lambda: state_of(session) == "paid")
        (withdrawal,) = session.all(Withdrawal)
        assert withdrawal.reference == "BK20261123"

        # Its statement as papers, and every line of it leads to its order.
        window.deck["accounts"].trigger()
        detail = panel.accounts.detail
        panel.accounts.show_technician(technician)
        await until(lambda: detail.period.count() > 1 and not detail.busy)
        detail.period.setCurrentIndex(1)
        await until(lambda: detail.shown is not None)
        assert detail.shown is not None
        for kind in ("pdf", "xlsx"):
            await panel.save(tmp_path / f"statement.{kind}", detail.shown)
            assert (tmp_path / f"statement.{kind}").stat().st_size > 1000
        opened: list[str] = []
        detail.order_opened.connect(opened.append)
        line = next(each for each in detail.shown.lines if each.order)
        detail.lines.taken.emit(line)
        assert opened == [line.order]
