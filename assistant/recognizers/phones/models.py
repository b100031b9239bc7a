"""Which phone model is used: the shipped one of a language, or the one that was trained here."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import EngineError
from assistant.intents.words import base_language
from assistant.recognizers.phones.model import Model, load_model, pack

log = logging.getLogger(__name__)

SHIPPED = Path(__file__).parent
"""Has a model for each language that is shipped, such as ``en.npz``."""


@dataclass(frozen=True, slots=True)
class PhoneModels:
    """The models of a language; those that were trained here are in ``folder``."""

    folder: Path
    language: str

    @property
    def shipped(self) -> Path:
        """The model that comes with the assistant."""
        return SHIPPED / f"{base_language(self.language)}.npz"

    @property
    def own(self) -> Path:
        """The model that was trained here."""
        return self.folder / f"{base_language(self.language)}.npz"

    @property
    def previous(self) -> Path:
        """What was the own model before the last training."""
        return self.own.with_suffix(".previous.npz")

    @property
    def there_is_one(self) -> bool:
        """Whether this language has a model."""
        return self.shipped.is_file() or self.own.is_file()

    def load(self, embedding: str) -> Model:
        """Load the own model, or the shipped one where there is none that can be used.

        ``embedding`` is the checksum of the feature networks here. Raises EngineError.
        """
        if not self.there_is_one:
            raise EngineError(
                f"There is no phone model for the language '{self.language}'.",
                "One for English comes along; for another language use a Vosk model.",
            )
        if self.own.is_file():
            try:
                return self._loaded(self.own, embedding)
            except EngineError as error:
                log.warning("%s The shipped one is used.", error)
        return self._loaded(self.shipped, embedding)

    def load_shipped(self, embedding: str) -> Model:
        """Load the shipped one, or the own one of a language without. Raises EngineError."""
        if not self.shipped.is_file():
            return self.load(embedding)
        return self._loaded(self.shipped, embedding)

    def keep(self, model: Model) -> None:
        """Use this model from the next start on; the one before stays. Raises EngineError."""
        part = self.own.with_suffix(".part")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part.write_bytes(pack(model))
            if self.own.is_file():
                self.own.replace(self.previous)
            part.replace(self.own)
        except OSError as error:
            raise EngineError(f"{self.own} cannot be written: {error.strerror}.") from error

    def tried(self) -> str:
        """The fingerprint of what was learnt last, kept or not; '' where there is none."""
        try:
            return self._tried.read_text(encoding="ascii", errors="replace")
        except OSError:
            return ""

    def remember(self, fingerprint: str) -> None:
        """Keep the fingerprint of what was learnt. Raises EngineError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._tried.write_text(fingerprint, encoding="ascii")
        except OSError as error:
            raise EngineError(f"{self._tried} cannot be written: {error.strerror}.") from error

    @property
    def _tried(self) -> Path:
        return self.own.with_suffix(".learnt")

    def go_back(self) -> Path:
        """Use the model before this one again: the previous own one, or else the shipped one.

        Returns which. Raises EngineError when nothing was trained here.
        """
        try:
            if self.previous.is_file():
                self.previous.replace(self.own)
                return self.own
            self.own.unlink()
        except FileNotFoundError as error:
            raise EngineError(
                "There is nothing to go back from: the shipped phone model is in use."
            ) from error
        except OSError as error:
            raise EngineError(f"{self.own} cannot be changed: {error.strerror}.") from error
        return self.shipped

    def _loaded(self, path: Path, embedding: str) -> Model:
        model = load_model(path)
        if model.embedding != embedding:
            raise EngineError(
                f"The phone model {path} was made for other feature networks than those here.",
                "Make it again with assistant train, or install openwakeword==0.4.0.",
            )
        return model
