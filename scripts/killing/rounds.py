"""Rounds of killing: what was confirmed is there afterwards, what was not is there whole or not."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.state import StateStore

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_LINES = 60
"""That are read before it is killed."""


@dataclass
class Model:
    """What the state has to be."""

    timers: list[tuple[str, int]] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    volume: int | None = None

    def after(self, step: list[Any]) -> Model:
        """The model after a step."""
        timers, items, volume = list(self.timers), list(self.items), self.volume
        match step:
            case ["timer", name, seconds]:
                timers.append((name, seconds))
            case ["cancel", name, seconds, _]:
                timers.remove((name, seconds))
            case ["add", more]:
                items += [one for one in more if one not in items]
            case ["remove", fewer]:
                items = [one for one in items if one not in fewer]
            case ["volume", volume]:
                pass
        return Model(sorted(timers), items, volume)


def state_of(path: Path) -> Model:
    """What the database says."""
    with closing(StateStore.open(path)) as store:
        if store.moved_aside is not None:
            raise AssertionError(f"it was damaged, and is now {store.moved_aside}")
        timers = sorted((one.name, one.duration_seconds) for one in store.timers())
        return Model(timers, store.list_items("shopping"), store.setting("volume"))


def rounds(path: Path, times: int, seed: int) -> Iterator[int]:
    """Kill it so many times; yields how many steps were confirmed in each round.

    Raises AssertionError where the state is not what it has to be.
    """
    chance = random.Random(seed)
    with subprocess.Popen(
        [sys.executable, "-m", "scripts.killing.worker", str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
        bufsize=1,
    ) as worker:
        if worker.stdin is None or worker.stdout is None:
            raise RuntimeError("the worker has no pipes")
        for _ in range(times):
            before = state_of(path)
            worker.stdin.write(f"{chance.randrange(2**32)}\n")
            steps, confirmed = _kill_one(worker.stdout, chance)
            _check(state_of(path), before, steps, confirmed)
            yield confirmed
        worker.stdin.close()


def _kill_one(told: Any, chance: random.Random) -> tuple[list[list[Any]], int]:
    """Read some lines, kill it, and read the rest: all steps, and how many were confirmed."""
    steps: list[list[Any]] = []
    confirmed, process, left = 0, 0, chance.randrange(MOST_LINES)
    for line in told:
        match json.loads(line):
            case {"process": number}:
                process = number
            case {"begin": step}:
                steps.append(step)
            case {"done": True}:
                confirmed += 1
            case {"damaged": aside}:
                raise AssertionError(f"it was damaged, and is now {aside}")
            case {"ended": _}:
                return steps, confirmed
        left -= 1
        if left <= 0 and process:
            for _ in range(chance.randrange(20_000)):  # somewhere within a step
                pass
            os.kill(process, signal.SIGKILL)
            left = sys.maxsize
    raise AssertionError("it ended by itself")


def _check(found: Model, before: Model, steps: list[list[Any]], confirmed: int) -> None:
    """Compare with the model after what was confirmed, or after the step that was begun, too."""
    model = before
    possible = []
    for count in range(len(steps) + 1):
        if count:
            model = model.after(steps[count - 1])
        if count >= confirmed:
            possible.append(model)
    if found not in possible:
        raise AssertionError(f"{found} is not one of {possible}")
