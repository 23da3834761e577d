"""What is told of a technician: his years, his cases, his picture."""

from dataclasses import replace

import pytest

from dispatcher_app.domain.act import Rejected
from dispatcher_app.domain.command import SaveTechnician, SetPortrait
from dispatcher_app.domain.technician import Technician
from dispatcher_app.simulator.rehearsal import Rehearsal
from tests.domain import trade
from tests.domain.trade import DISPATCHER, NOW, staff

VETTING = staff("vetting")


def li(world: Rehearsal) -> Technician:
    found = world.get(Technician, "li")
    assert found is not None
    return found


def test_years_and_cases_are_kept_as_they_were_entered() -> None:
    world = trade.company()
    made = replace(li(world), experience_since=2012, cases=("中央空调移机",))
    world.do(VETTING, SaveTechnician(technician=made), NOW)
    assert (li(world).experience_since, li(world).cases) == (2012, ("中央空调移机",))
    assert li(world).years("2026-11-23") == 14
    assert replace(made, experience_since=None).years("2026-11-23") is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"experience_since": 3000}, "year_invalid"),
        ({"experience_since": 12}, "year_invalid"),
        ({"cases": ("移机",) * 11}, "too_many"),
        ({"cases": (" ",)}, "required"),
        ({"cases": ("长" * 201,)}, "too_long"),
    ],
)
def test_nonsense_about_him_is_refused(fields: dict[str, object], code: str) -> None:
    world = trade.company()
    with pytest.raises(Rejected, match=code):
        world.do(VETTING, SaveTechnician(technician=replace(li(world), **fields)), NOW)  # type: ignore[arg-type]


def test_a_portrait_comes_with_its_file_and_can_only_be_taken_away_without() -> None:
    world = trade.company()
    world.do(VETTING, SaveTechnician(technician=replace(li(world), portrait="somebody-else")), NOW)
    assert li(world).portrait is None
    world.do(VETTING, SetPortrait(technician="li", portrait="p-1"), NOW)
    world.do(VETTING, SaveTechnician(technician=replace(li(world), portrait="p-2")), NOW)
    assert li(world).portrait == "p-1"
    world.do(VETTING, SaveTechnician(technician=replace(li(world), portrait=None)), NOW)
    assert li(world).portrait is None


def test_who_may_not_enter_technicians_sets_no_portrait() -> None:
    world = trade.company()
    with pytest.raises(Rejected, match="not_allowed"):
        world.do(DISPATCHER, SetPortrait(technician="li", portrait="p-1"), NOW)
