"""What the bridge has to know of a skill and of a call of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.intents.builtins import Outcomes


@dataclass(frozen=True, slots=True)
class SkillSpec:
    """A skill as a process.

    ``module`` is imported with the folder ``import_from`` before all others, and ``source`` is its
    file. ``stamp`` is another one when any file of the skill is: it is then started anew.
    """

    name: str
    module: str
    import_from: Path
    source: Path
    memory_megabytes: int
    stamp: int = 0

    @property
    def spoken_name(self) -> str:
        """The name as it is said."""
        return self.name.replace("_", " ").replace("-", " ")


@dataclass(frozen=True, slots=True)
class SkillTask:
    """A call: the intent, its slots as ``typedvalues`` writes them, the words and their language.

    ``outcomes`` are those that the intent's file promises, with their values.
    """

    intent: str
    outcomes: Outcomes
    timeout_seconds: float
    slots: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    language: str = "en"
