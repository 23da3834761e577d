"""What technicians have, get and owe: accounts and statements, the settlement run, withdrawals, deductions."""
