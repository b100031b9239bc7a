"""The models in the installed openWakeWord package; the package itself is never imported."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from assistant.errors import EngineError


def models_folder() -> Path:
    """Return the folder of the installed package's models, without importing the package."""
    spec = importlib.util.find_spec("openwakeword")
    if spec is None or not spec.submodule_search_locations:
        raise EngineError(
            "openWakeWord is not installed.", "Install it with: pip install openwakeword==0.4.0"
        )
    return Path(spec.submodule_search_locations[0]) / "resources" / "models"
