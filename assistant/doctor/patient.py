"""What the checks look at: the settings, the folders, and the assistant if one runs."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from assistant.config import Settings
from assistant.domains import DomainFiles, Domains, build_recognizers
from assistant.engines import answer_grammar, run_list_program, spoken_grammar
from assistant.errors import AssistantError
from assistant.frontends.client import ControlClient
from assistant.paths import Paths
from assistant.pipelines import build_pipeline
from assistant.wakewords import DEFAULT

if TYPE_CHECKING:
    from assistant.pipeline import Pipeline
    from assistant.ports import Recognizer


@dataclass
class Patient:
    """One assistant. ``with_sound`` allows the loudspeaker to be heard.

    ``is_service`` says that it is the one of the system, which does not see everything.
    """

    settings: Settings
    paths: Paths
    with_sound: bool = True
    is_service: bool = False
    unknown_words: list[str] = field(default_factory=list)
    _domains: Domains | None = field(default=None, init=False)

    @cached_property
    def files(self) -> DomainFiles:
        """The intent files."""
        return DomainFiles(self.settings, self.paths)

    def domains(self) -> Domains:
        """Read and compile the intents, once. Raises FileProblemsError."""
        if self._domains is None:
            self._domains = self.files.load(run_list_program)
        return self._domains

    @cached_property
    def recognizer(self) -> Recognizer:
        """Load the recognizer of the default language. Raises AssistantError."""
        return build_recognizers(self.settings, self.paths, (DEFAULT,))[DEFAULT]

    @cached_property
    def pipeline(self) -> Pipeline:
        """Load all that hears, and have it hear the intents. Raises AssistantError."""
        understanding = self.domains()[DEFAULT]
        grammars = spoken_grammar(understanding), answer_grammar(understanding)
        pipeline = build_pipeline(self.settings, self.recognizer, paths=self.paths)
        unknown = pipeline.use(*grammars)
        self.unknown_words = [one.word for one in unknown if not one.guess]
        return pipeline

    @cached_property
    def status(self) -> dict[str, Any] | None:
        """What the running assistant tells of itself; None where none runs."""
        try:
            with ControlClient(*self.paths.control_sockets) as client:
                found: dict[str, Any] = client.ask("status")["status"]
        except AssistantError:
            return None
        return found

    def levels(self, seconds: float) -> list[float]:
        """What the running assistant hears meanwhile, in dBFS, a number each 80 ms."""
        found: list[float] = []
        with ControlClient(*self.paths.control_sockets) as client:
            end = time.monotonic() + seconds
            for event in client.events(levels=True):
                if event["event"] == "chunk-heard":
                    found.append(event["level_dbfs"])
                if time.monotonic() > end:
                    break
        return found
