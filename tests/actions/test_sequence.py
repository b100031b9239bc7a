"""The core's side of steps: built-in ones here, the others by parts."""

from __future__ import annotations

import asyncio

import pytest

from assistant.actions.sequence import SequenceAction
from assistant.errors import ActionError
from assistant.intents.undoing import Undoing
from assistant.ports import Action
from assistant.turn import ActionResult, Match, Slot
from tests.house import steps_of

MATCH = Match("Do", (Slot("a", "on", "on"),), "do it", "do it", "house.yaml:1:1")
MIXED = (
    "[{command: [x]}, {builtin: lists.tell, when: {a: 'on'}}, {command: [y]}, {delay_seconds: 1}]"
)


class House:
    """Notes what is asked for."""

    def __init__(self, fails: int = -1) -> None:
        self.done: list[object] = []
        self._fails = fails

    async def do_part(self, _match: Match, part: int) -> ActionResult:
        self.done.append(part)
        if part == self._fails:
            raise ActionError("the lamp did not answer")
        return ActionResult(values={f"v{part}": part}, speech=f"said {part}")

    async def do_undo(self, match: Match) -> ActionResult:
        self.done.append(("undo", match.intent))
        return ActionResult()

    async def tell(self, match: Match) -> ActionResult:
        self.done.append("tell")
        return ActionResult("none", {"count": 3}, undo=self.untell)

    async def untell(self) -> None:
        self.done.append("untell")

    def action(self, text: str, undoing: Undoing | None = None) -> SequenceAction:
        builtins: dict[str, Action] = {"lists.tell": self.tell}
        return SequenceAction(steps_of(text), undoing, self.do_part, self.do_undo, builtins)


def test_parts_are_done_in_order_and_the_built_in_one_gives_the_outcome() -> None:
    house = House()
    result = asyncio.run(house.action(MIXED)(MATCH))
    assert house.done == [0, "tell", 2]
    assert result == ActionResult("none", {"v0": 0, "count": 3, "v2": 2}, "said 0\nsaid 2")


def test_a_built_in_step_whose_condition_does_not_hold_is_left_out() -> None:
    house = House()
    result = asyncio.run(house.action(MIXED)(MATCH._replace(slots=())))
    assert house.done == [0, 2]
    assert result.outcome == "done"


def test_the_first_part_that_fails_ends_it() -> None:
    house = House(fails=0)
    with pytest.raises(ActionError):
        asyncio.run(house.action(MIXED)(MATCH))
    assert house.done == [0]


def test_what_takes_it_back() -> None:
    house = House()
    action = house.action("{command: [x]}", Undoing(steps_of("{command: [y]}")))

    async def do_and_undo() -> None:
        result = await action(MATCH)
        assert result.undo is not None
        await result.undo()

    asyncio.run(do_and_undo())
    assert house.done == [0, ("undo", "Do")]


def test_where_nothing_takes_it_back() -> None:
    assert asyncio.run(House().action("{command: [x]}")(MATCH)).undo is None


def test_the_result_takes_back_all_of_it() -> None:
    house = House()
    action = house.action(MIXED, Undoing(steps_of("{command: [y]}")))

    async def scene() -> None:
        result = await action(MATCH)
        assert result.undo is not None
        house.done.clear()
        await result.undo()

    asyncio.run(scene())
    assert house.done == [("undo", "Do"), "untell"]


def test_nothing_is_taken_back_by_half() -> None:
    assert asyncio.run(House().action(MIXED)(MATCH)).undo is None
