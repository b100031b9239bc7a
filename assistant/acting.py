"""Doing what a match asks for: built-in actions here, steps and skills through the bridge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from assistant.actions.bridge import BridgeAction, SkillAction
from assistant.actions.sequence import SequenceAction
from assistant.domains import qualified
from assistant.intents.model import BuiltinCall
from assistant.intents.skillcalls import SkillCall
from assistant.intents.steps import Steps
from assistant.intents.undoing import SkillUndoing, Undoing
from assistant.turn import ActionResult

if TYPE_CHECKING:
    from assistant.config import Settings
    from assistant.dialogue.understanding import Understanding
    from assistant.paths import Paths
    from assistant.ports import Action
    from assistant.turn import Match, Undo


class Acting:
    """Carries out matches; ``understanding`` is that of the turn under way."""

    def __init__(
        self,
        settings: Settings,
        paths: Paths,
        builtins: Mapping[str, Action],
        understanding: Callable[[], Understanding],
    ) -> None:
        self._language = settings.intents.language
        self._usual_seconds = settings.actions.timeout_seconds
        self._socket = paths.bridge_socket
        self._builtins = builtins
        self._understanding = understanding

    async def __call__(self, match: Match) -> ActionResult:
        """Do it. Raises ActionError."""
        match self._understanding().action_of(match):
            case Steps() as steps:
                return await self._sequence(steps, match)(match)
            case SkillCall() as call:
                undo = self._taking_back(match)
                result = await self._skill(call)(self._known_as(match))
                return replace(result, undo=undo if result.outcome == "done" else None)
            case BuiltinCall(name):
                return await self._builtins[name](match)
            case None:
                return ActionResult()

    def _sequence(self, steps: Steps, match: Match) -> SequenceAction:
        known_as, take_back = self._known_as(match), self._taking_back(match)

        async def do_part(_: Match, part: int) -> ActionResult:
            limit = steps.limit_seconds(part, self._usual_seconds)
            return await BridgeAction(self._socket, limit)(known_as, part)

        async def do_undo(_: Match) -> ActionResult:
            if take_back is not None:
                await take_back()
            return ActionResult()

        undo = self._understanding().undo_of(match)
        return SequenceAction(steps, undo, do_part, do_undo, self._builtins)

    def _taking_back(self, match: Match) -> Undo | None:
        """Return what takes the intent back, as the files are now; they may change until then."""
        known_as, undo = self._known_as(match), self._understanding().undo_of(match)
        match undo:
            case SkillUndoing(intent, call, fixed):
                other = self._known_as(match._replace(intent=intent)).intent
                return partial(self._skill(call).take_back, known_as, other, fixed)
            case Undoing(steps):
                limit = steps.limit_seconds(0, self._usual_seconds)
                return partial(BridgeAction(self._socket, limit).take_back, known_as)
        return None

    def _skill(self, call: SkillCall) -> SkillAction:
        return SkillAction(self._socket, call.timeout_seconds or self._usual_seconds)

    def _known_as(self, match: Match) -> Match:
        """Name the intent as the bridge knows it: with its language, if that is not the default."""
        language = self._understanding().intents.language
        return match._replace(intent=qualified(match.intent, language, self._language))
