"""What a sentence can mean depends on: the time, the place, and what was last named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from assistant.intents.model import Data
from assistant.turn import Match
from assistant.values import SlotValue

NO_TIME = datetime(2024, 1, 1, 12, 0, tzinfo=UTC)
"""A Monday at noon: when tests are said that do not tell their time."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """When and where something is said.

    ``now`` is aware, best with a ZoneInfo. ``context`` is what sentences may require, such as the
    area. ``named`` are the values last said of each remembered list. ``for_later`` is true of a
    command that is part of another one, to be given when nobody knows what "it" was.
    """

    now: datetime = NO_TIME
    context: Mapping[str, Data] = field(default_factory=dict)
    named: Mapping[str, tuple[SlotValue, ...]] = field(default_factory=dict)
    for_later: bool = False

    @property
    def later(self) -> Circumstances:
        """Those of a command that is given later."""
        return replace(self, named={}, for_later=True)

    def after(self, matches: Iterable[Match]) -> Circumstances:
        """The same after something was said."""
        named: dict[str, list[SlotValue]] = {}
        for slot in (slot for match in matches for slot in match.slots if slot.remembered_as):
            values = named.setdefault(slot.remembered_as, [])
            if slot.value not in values:
                values.append(slot.value)
        if not named:
            return self
        return replace(self, named={**self.named, **{n: tuple(v) for n, v in named.items()}})


ANYWHERE = Circumstances()
"""Nothing is known of where something is said."""
