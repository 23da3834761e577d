"""The gate itself: every command has a rule, and belongs to one log."""

from __future__ import annotations

import pytest

from dispatcher_app.domain.act import SYSTEM, Act, Rejected
from dispatcher_app.domain.command import BY_NAME, COMMANDS, AddLeave, SaveCompound, SavePolicy
from dispatcher_app.domain.customer import Compound
from dispatcher_app.domain.decide import RULES, decide
from dispatcher_app.domain.region import Policy
from tests.domain import trade
from tests.domain.trade import ADMINISTRATOR, CENTRE, NOW


def test_every_command_has_its_rule_and_its_name() -> None:
    assert set(RULES) == set(COMMANDS)
    assert len(BY_NAME) == len(COMMANDS)
    assert BY_NAME["add-leave"] is AddLeave


@pytest.mark.parametrize(
    ("command", "region"),
    [
        (SavePolicy(policy=Policy(version=1)), "sh"),
        (
            SaveCompound(
                compound=Compound(id="x", region="platform", name="x", district="north", point=CENTRE)
            ),
            "platform",
        ),
        (trade.booking(), "platform"),
    ],
)
def test_command_of_another_log_is_refused_whoever_gives_it(command: object, region: str) -> None:
    world = trade.company()
    for actor in (ADMINISTRATOR, SYSTEM):
        with pytest.raises(Rejected, match="other_region"):
            decide(world, Act(id="x", actor=actor, at=NOW, command=command, region=region), NOW)


def test_deciding_changes_nothing_by_itself() -> None:
    world = trade.company()
    then = dict(world.entities)
    act = Act(id="x", actor=trade.DISPATCHER, at=NOW, command=trade.booking(), region="sh")
    assert decide(world, act, NOW).after
    assert world.entities == then
