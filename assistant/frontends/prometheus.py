"""The status as Prometheus reads it: text, a number a line.

Nothing listens on a port: the core has no network. ``assistant status --prometheus`` prints this,
for the textfile collector of a node exporter, or for a program of the owner's that serves it.
https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

MEGABYTE = 1024 * 1024

Samples = Mapping[tuple[tuple[str, str], ...], float]
"""Numbers by their labels, each a name and a value."""


def exposition(status: Mapping[str, Any]) -> str:
    """Write a status, as the control socket tells it, in Prometheus' text format."""
    lines: list[str] = []
    for name, kind, help_text, samples in _metrics(status):
        lines += [f"# HELP assistant_{name} {help_text}", f"# TYPE assistant_{name} {kind}"]
        lines += [
            f"assistant_{name}{_labels(labels)} {value:.15g}" for labels, value in samples.items()
        ]
    return "\n".join([*lines, ""])


def _metrics(status: Mapping[str, Any]) -> Iterator[tuple[str, str, str, Samples]]:
    """Name, type, help, and numbers of each metric."""

    def one(value: float) -> Samples:
        return {(): value}

    def each(label: str, values: Mapping[str, float]) -> Samples:
        return {((label, name),): value for name, value in values.items()}

    about = (("version", status["version"]), ("recognizer", status["recognizer"]))
    yield "info", "gauge", "What runs.", {about: 1}
    yield "phase", "gauge", "What it is doing: 1.", {(("phase", status["phase"]),): 1}
    yield "uptime_seconds", "gauge", "Since the start.", one(status["uptime_seconds"])
    yield "cpu_seconds_total", "counter", "CPU time of the core.", one(status["cpu_seconds"])
    yield (
        "memory_peak_bytes", "gauge", "The most that the core has used.",
        one(status["memory_megabytes"] * MEGABYTE),
    )  # fmt: skip
    yield "restarts_total", "counter", "Ends that nobody asked for.", one(status["restarts"])
    microphones = status["microphones"] or {"": status}
    yield (
        "chunks_heard_total", "counter", "Chunks of 80 ms, by microphone.",
        each("microphone", {name: one["chunks_heard"] for name, one in microphones.items()}),
    )  # fmt: skip
    yield (
        "overruns_total", "counter", "How often sound was lost, by microphone.",
        each("microphone", {name: one["overruns"] for name, one in microphones.items()}),
    )  # fmt: skip
    yield (
        "level_dbfs", "gauge", "Of the last chunk, of several microphones.",
        each("microphone", {k: v["level_dbfs"] for k, v in status["microphones"].items()}),
    )  # fmt: skip
    yield "calls_total", "counter", "Wake words heard.", each("word", status["calls"])
    if status["last_wake_at"]:
        at = datetime.fromisoformat(status["last_wake_at"]).timestamp()
        yield "last_wake_timestamp_seconds", "gauge", "When one was heard last.", one(at)
    yield "turns_total", "counter", "Turns by how they ended.", each("outcome", status["turns"])
    yield "timers", "gauge", "Timers that run.", one(status["timers"])
    yield "intents", "gauge", "Intents in force.", one(status["intents"])
    yield (
        "intents_rejected", "gauge", "1 where newer files have mistakes.",
        one(bool(status["intents_rejected"])),
    )  # fmt: skip
    yield "bridge_up", "gauge", "1 where the bridge runs.", one(status["bridge"] == "running")
    yield (
        "part_failed", "gauge", "Parts that do not work: 1.",
        each("part", dict.fromkeys(status["failed_parts"], 1)),
    )  # fmt: skip


def _labels(labels: tuple[tuple[str, str], ...]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
