"""Rounds with the whole core: sentences by its control socket, and then SIGKILL."""

from __future__ import annotations

import random
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress

from assistant.errors import AssistantError
from scripts.killing.rounds import Model, state_of
from tests.running import Home, Running

ITEMS = ("milk", "bread", "tea", "salt", "rice", "soap")
MINUTES = ("five", "ten", "fifteen", "twenty")


def whole_rounds(place: Home, times: int, seed: int) -> Iterator[int]:
    """Kill a core so many times while it is spoken to; yields how many sentences were confirmed.

    Raises AssertionError where the state is not what it has to be.
    """
    chance = random.Random(seed)
    model = Model()
    for _ in range(times):
        confirmed, possible = 0, [model]
        with Running(place) as running:
            killer = threading.Timer(
                chance.uniform(0.0, 0.5), running.process.send_signal, [signal.SIGKILL]
            )
            killer.start()
            with suppress(AssistantError, OSError):
                while True:
                    sentence, step = _choose(chance, model)
                    possible = [model, model.after(step)]
                    turn = running.say(sentence)
                    if turn["outcome"] != "acted":
                        raise AssertionError(f"'{sentence}' came to {turn}")
                    model = possible[1]
                    confirmed, possible = confirmed + 1, [model]
            running.end()
            killer.join()
        found = state_of(place.paths.database)
        if found not in possible:
            raise AssertionError(f"{found} is not one of {possible}")
        model = found
        yield confirmed


def _choose(chance: random.Random, model: Model) -> tuple[str, list[object]]:
    if chance.random() < 0.3 and len(model.timers) < 15:
        number = chance.randrange(len(MINUTES))
        return f"set a timer for {MINUTES[number]} minutes", ["timer", "", (number + 1) * 300]
    item = chance.choice(ITEMS)
    if item in model.items:
        return f"remove {item} from my shopping list", ["remove", [item]]
    return f"add {item} to my shopping list", ["add", [item]]
