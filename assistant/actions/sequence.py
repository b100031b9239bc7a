"""What an intent does step by step: built-in steps here in the core, all others by the bridge."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias

from assistant.intents.model import BuiltinCall
from assistant.intents.steps import Steps
from assistant.intents.undoing import SkillUndoing, Undoing
from assistant.ports import Action
from assistant.turn import ActionResult, Match, Undo

DoPart: TypeAlias = Callable[[Match, int], Awaitable[ActionResult]]
"""Does a part of an intent's steps, by its number in ``Steps.parts``. Raises ActionError."""

DoUndo: TypeAlias = Callable[[Match], Awaitable[ActionResult]]
"""Does the steps that take an intent back. Raises ActionError."""


@dataclass(frozen=True, slots=True)
class SequenceAction:
    """The steps of an intent, and what takes them back, where the owner wrote that.

    The bridge is asked for a part and not for each step, so that what the owner put in order stays
    in order. The built-in step, of which there is at most one, gives the outcome, and takes itself
    back where it can; it is taken back only together with all the others.
    """

    steps: Steps
    undoing: Undoing | SkillUndoing | None
    do_part: DoPart
    do_undo: DoUndo
    builtins: Mapping[str, Action]

    async def __call__(self, match: Match) -> ActionResult:
        """Do all steps; the first that fails ends it, and what was done before stays done."""
        result = ActionResult()
        taken_back: list[Undo] = [partial(self._undo, match)] if self.undoing else []
        speech: list[str] = []
        values: dict[str, Any] = {}
        for number, steps in enumerate(self.steps.parts()):
            call = steps[0].deed
            if isinstance(call, BuiltinCall):
                if not steps[0].applies(match.plain_values()):
                    continue
                result = done = await self.builtins[call.name](match)
                if done.undo is not None:
                    taken_back.append(done.undo)
            else:
                done = await self.do_part(match, number)
            speech += [done.speech] if done.speech else []
            values |= done.values
        # Nothing is taken back by half.
        can = self.undoing is not None or not self.steps.has_outside
        undo = partial(_in_order, taken_back) if taken_back and can else None
        return replace(result, values=values, speech="\n".join(speech), undo=undo)

    async def _undo(self, match: Match) -> None:
        await self.do_undo(match)


async def _in_order(undos: Sequence[Undo]) -> None:
    for undo in undos:
        await undo()
