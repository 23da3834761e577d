"""No code of the data ever reaches a person: reasons and skills are words in both languages."""

from __future__ import annotations

import asyncio
import re

import pytest

from dispatcher_app import text
from dispatcher_app.client.replica.ask import OrderQuery
from dispatcher_app.client.session import Session
from dispatcher_app.domain.catalogue import Item
from dispatcher_app.domain.order import Order
from dispatcher_app.domain.technician import Technician
from dispatcher_app.text import LANGUAGES, has_cjk
from tests.ui.window_desk import City
from ui import name
from ui.order.reason import CANCEL, CHANGE, PASSED_ON, reason_word
from ui.order.step import event

CODE = re.compile(r"\b[a-z]+_[a-z_]+\b")


async def orders(session: Session) -> list[Order]:
    keys = await session.order_keys(OrderQuery(view="all"))
    return [found for _key, id in keys if (found := session.get(Order, id)) is not None]


def reasons(order: Order) -> set[str]:
    given = {str(step.params["reason"]) for step in order.steps if step.params.get("reason")}
    return given | ({order.cancellation.reason} if order.cancellation else set())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_timelines_and_skills_are_told_in_words(
    city: City, loop: asyncio.AbstractEventLoop, language: str
) -> None:
    async with city.sitting("wangfang") as session:
        text.use(language)
        known = await orders(session)
        given = set[str]().union(*(reasons(each) for each in known))
        assert given & CANCEL.keys()
        assert given & CHANGE.keys()
        assert given & PASSED_ON.keys()
        for code in given:
            said = reason_word(code)
            assert said != code, code
            assert has_cjk(said) == (language == "zh_CN"), said
        told = [event(session, order, step).text for order in known for step in order.steps]
        assert [each for each in told if CODE.search(each)] == []
        skills = {item.skill for item in session.all(Item)}
        skills |= {skill for each in session.all(Technician) for skill in each.skills}
        for skill in skills:
            assert has_cjk(name.skill(skill)) == (language == "zh_CN"), skill
            assert "-" not in name.skill(skill), skill


async def test_a_technician_has_each_skill_once(city: City, loop: asyncio.AbstractEventLoop) -> None:
    async with city.sitting("wangfang") as session:
        for each in session.all(Technician):
            assert len(set(each.skills)) == len(each.skills), each.name
