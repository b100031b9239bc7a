"""The models in the installed openWakeWord package; the package itself is never imported."""

from __future__ import annotations

from pathlib import Path

from assistant.embedding.packaged import models_folder
from assistant.wake.calibration import Calibration

# What scripts/bench wake-calibration prints.
CALIBRATIONS: dict[str, dict[str, Calibration]] = {
    "openwakeword": {
        "alexa": Calibration(0.81, 0.92),
        "hey_jarvis": Calibration(1.35, 1.62),
        "hey_marvin": Calibration(-0.62, 1.07),
        "hey_mycroft": Calibration(-3.78, 0.99),
    },
    "microwakeword": {
        "alexa": Calibration(3.48, 1.03),
        "hey_jarvis": Calibration(1.47, 0.61),
        "hey_mycroft": Calibration(4.76, 0.98),
        "okay_nabu": Calibration(2.48, 1.13),
    },
}


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
