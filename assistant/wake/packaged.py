"""The models in the installed openWakeWord package; the package itself is never imported."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from assistant.errors import EngineError
from assistant.wake.calibration import Calibration

# What scripts/bench wake-calibration prints.
CALIBRATIONS: dict[str, dict[str, Calibration]] = {
    "openwakeword": {},
    "microwakeword": {},
}


def models_folder() -> Path:
    """Return the folder of the installed package's models, without importing the package."""
    spec = importlib.util.find_spec("openwakeword")
    if spec is None or not spec.submodule_search_locations:
        raise EngineError(
            "openWakeWord is not installed.", "Install it with: pip install openwakeword==0.4.0"
        )
    return Path(spec.submodule_search_locations[0]) / "resources" / "models"


def word_models() -> dict[str, Path]:
    """Return the wake words that come with the package: name to model file."""
    helpers = {"embedding_model", "melspectrogram", "silero_vad"}
    return {
        path.stem.rpartition("_v")[0]: path
        for path in sorted(models_folder().glob("*_v*.onnx"))
        if path.stem not in helpers
    }


def word_key(name: str) -> str:
    """Return a word's name as files have it: "Hey Jarvis" is "hey_jarvis"."""
    return name.strip().lower().replace(" ", "_").replace("-", "_")
