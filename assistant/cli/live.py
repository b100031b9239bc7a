"""How events look: lines of a log, or a live view at a terminal."""

from __future__ import annotations

import json
import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from assistant.audio.frames import SILENCE_DBFS
from assistant.cli.common import written_out
from assistant.events import IntentsRejected, PartFailed, PartWorks, to_wire

if TYPE_CHECKING:
    from assistant.watchers import Subscription

log = logging.getLogger("assistant")

TURNS_SHOWN = 8
LEVEL_RANGE_DB = 60.0


Line = Callable[[Mapping[str, Any], bool], str]


def _transcribed(event: Mapping[str, Any], told: bool) -> str:
    transcript = event["transcript"]
    heard = f"“{transcript['text']}”" if told else "something"
    return f"Heard {heard} ({transcript['confidence']:.2f}) in {event['seconds']:.2f} s"


def _understood(event: Mapping[str, Any], told: bool) -> str:
    commands = []
    for found in (event["match"], *event["then"]):
        slots = ", ".join(f"{slot['name']}={slot['value']}" for slot in found["slots"])
        commands.append(found["intent"] + (f" ({slots})" if told and slots else ""))
    return f"Intent {', then '.join(commands)}"


def _at(heard: Mapping[str, Any]) -> str:
    """Where it was heard, of several microphones; an assistant of before does not tell."""
    microphone = heard.get("microphone", "")
    return f" at {microphone}" if microphone else ""


def _wake_word(event: Mapping[str, Any]) -> str:
    wake = event["wake"]
    return f"Wake word {wake['name']} ({wake['score']:.2f}){_at(wake)}"


def _turn_ended(event: Mapping[str, Any], _told: bool) -> str:
    record = event["record"]
    return f"Turn over: {record['outcome']} after {record['timings_seconds']['total']:.2f} s"


LINES: Mapping[str, Line] = {
    "chunk-heard": lambda event, _: (
        f"Level {event['level_dbfs']:.0f} dBFS, wake score {event['wake_score']:.2f}{_at(event)}"
    ),
    "ready": lambda event, _: f"Listening to {event['source']}{_at(event)}",
    "wake-detected": lambda event, _: _wake_word(event),
    "wake-dropped": lambda event, _: (
        f"{_wake_word(event)} dropped: another microphone has the turn"
    ),
    "wake-refused": lambda event, _: (
        f"{_wake_word(event)} refused: another voice ({event['voice_score']:.2f})"
    ),
    "listen-requested": lambda event, _: f"Asked to listen{_at(event)}",
    "speech-started": lambda *_: "Speech started",
    "partial-transcript": lambda event, told: f"… {event['text']}" if told else "",
    "speech-ended": lambda event, _: (
        f"End of speech, decided after {event['waited_seconds']:.2f} s"
    ),
    "transcribed": _transcribed,
    "nothing-heard": lambda *_: "Nothing heard",
    "stop-heard": lambda event, _: f"Told to stop{_at(event)}",
    "text-given": lambda event, told: f"Given “{event['text']}”" if told else "Given a text",
    "understood": _understood,
    "nearly-understood": lambda event, told: (
        f"Asks for “{'”, “'.join(event['sentences'])}”" if told else "Asks what was meant"
    ),
    "not-understood": lambda event, _: (
        "Not understood" + (" (not sure enough)" if event["rejected"] else "")
    ),
    "action-finished": lambda event, _: f"Action done in {event['seconds']:.2f} s",
    "action-failed": lambda event, _: f"Action failed: {event['reason']}",
    "replying": lambda event, told: f"Says “{event['text']}”" if told else "Answers",
    "timer-due": lambda *_: "A timer has ended",
    "turn-ended": _turn_ended,
    "intents-reloaded": lambda event, _: f"{event['intents']} intents, read again",
    "intents-rejected": lambda event, _: f"Intents not read again:\n{event['message']}",
    "trigger-pressed": lambda event, _: f"Pressed: {event['trigger']}",
    "muted": lambda event, _: (
        "The microphones are off" + (f" for {event['seconds']:.0f} s" if event["seconds"] else "")
    ),
    "unmuted": lambda *_: "The microphones hear again",
    "announcement-due": lambda event, told: (
        f"Announces “{event['text']}”" if told and event["text"] else "Has something to say"
    ),
    "part-works": lambda event, _: f"{event['part']}: works again",
    "part-failed": lambda event, _: f"{event['part']}: {event['message']}",
}


def describe(event: Mapping[str, Any], *, all_told: bool = True) -> str:
    """One line for an event as it is on the wire; '' for one that is not worth a line.

    Without ``all_told`` nothing that was heard or said is in it.
    """
    line = LINES.get(event["event"])
    return line(event, all_told) if line else ""


async def log_events(subscription: Subscription, *, all_told: bool) -> None:
    """Log a line for each event; by default nothing that was heard or said."""
    async for event in subscription:
        if isinstance(event, PartFailed | PartWorks | IntentsRejected):  # logged where it is found
            continue
        if line := describe(to_wire(event), all_told=all_told):
            log.info("%s", line)


async def print_events(subscription: Subscription) -> None:
    """Print each event as JSON, an object a line."""
    async for event in subscription:
        click.echo(json.dumps(to_wire(event)))


@dataclass
class _Meter:
    """What a microphone hears now."""

    level_dbfs: float = SILENCE_DBFS
    wake_score: float = 0.0


class LiveView:
    """What the live view shows, one event after another."""

    def __init__(self) -> None:
        self._meters: dict[str, _Meter] = {}
        self._phase = "waiting"
        self._partial = ""
        self._sources: list[str] = []
        self._note = ""
        self._turns: deque[Mapping[str, Any]] = deque(maxlen=TURNS_SHOWN)

    def take(self, event: Mapping[str, Any]) -> None:
        """Take an event as it is on the wire."""
        match event["event"]:
            case "chunk-heard":
                meter = self._meter(event["microphone"])
                meter.level_dbfs = event["level_dbfs"]
                meter.wake_score = max(event["wake_score"], meter.wake_score * 0.8)
            case "ready":
                self._sources.append(event["source"])
            case "phase-changed":
                self._phase = event["phase"]
                if self._phase == "listening":
                    self._partial = ""
            case "partial-transcript":
                self._partial = event["text"]
            case "transcribed":
                self._partial = event["transcript"]["text"]
            case "text-given":
                self._partial = event["text"]
            case "wake-detected":
                self._meter(event["wake"]["microphone"]).wake_score = event["wake"]["score"]
            case "turn-ended":
                self._turns.append(event["record"])
            case (
                "part-failed"
                | "part-works"
                | "intents-reloaded"
                | "intents-rejected"
                | "muted"
                | "unmuted"
            ):
                self._note = describe(event)
            case "replying":
                self._note = f"says: {event['text']}"

    def _meter(self, microphone: str) -> _Meter:
        return self._meters.setdefault(microphone, _Meter())

    def __rich__(self) -> Panel:
        """Draw it."""
        meters = Table.grid(padding=(0, 1))
        meters.add_column(min_width=10)
        meters.add_column(width=40)
        meters.add_column()
        for name, meter in self._meters.items() or [("", _Meter())]:
            level = max(0.0, 1.0 + meter.level_dbfs / LEVEL_RANGE_DB)
            loud, score = f"{meter.level_dbfs:5.0f} dBFS", f"{meter.wake_score:5.2f}"
            meters.add_row(name or "level", ProgressBar(1.0, level, width=40), loud)
            meters.add_row("wake word", ProgressBar(1.0, meter.wake_score, width=40), score)
        colour = "green" if self._phase in {"listening", "recognizing"} else "cyan"
        heard = Text.assemble((self._phase, f"bold {colour}"), "  ", (self._partial, "italic"))
        shown = Group(meters, heard, Text(self._note, style="dim"), self._table())
        source = ", ".join(self._sources) or "…"
        return Panel(shown, title=f"assistant · {source}", subtitle="Ctrl-C to stop")

    def _table(self) -> Table:
        table = Table(expand=True, box=None)
        for name in ("heard", "intent", "reply", "outcome", "end", "recognition", "action"):
            table.add_column(name, style="bold" if name == "heard" else "", overflow="fold")
        for turn in self._turns:
            took = turn["timings_seconds"]
            table.add_row(
                (turn["transcript"] or turn["text"] or "") + _at(turn),
                ", ".join(map(written_out, turn["commands"])),
                turn["reply"] or "",
                turn["outcome"],
                *(_seconds(took.get(key)) for key in ("endpointing", "recognition", "action")),
            )
        return table


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f} s"


async def show_live(subscription: Subscription) -> None:
    """Show the live view until cancelled."""
    view = LiveView()
    with Live(view, console=Console(), refresh_per_second=12, transient=False):
        async for event in subscription:
            view.take(to_wire(event))
