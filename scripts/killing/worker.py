"""Changes the state without end, until it is killed: ``python -m scripts.killing.worker DATABASE``.

Each line of its standard input is a seed: it forks a process that works with it, tells its number,
and tells when it has ended. So nothing is imported anew for each. What is about to be done is told
before, and that it is done afterwards, each in a line on standard output.
"""

from __future__ import annotations

import json
import os
import random
import sys
from pathlib import Path
from typing import Any

from assistant.state import StateStore

MOST_TIMERS = 20
ITEMS = ("milk", "bread", "tea", "salt", "rice", "soap")


def main() -> None:
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            work(Path(sys.argv[1]), random.Random(int(line)))
        tell({"process": process})
        os.waitpid(process, 0)
        tell({"ended": process})


def work(path: Path, chance: random.Random) -> None:
    store = StateStore.open(path)
    if store.moved_aside is not None:
        tell({"damaged": str(store.moved_aside)})
    while True:
        step = choose(store, chance)
        tell({"begin": step})
        do(store, step)
        tell({"done": True})


def choose(store: StateStore, chance: random.Random) -> list[Any]:
    timers = store.timers()
    kind = chance.choice(["timer", "cancel", "add", "remove", "volume"])
    if kind == "cancel" and timers:
        timer = chance.choice(timers)
        return ["cancel", timer.name, timer.duration_seconds, timer.id]
    if kind in {"timer", "cancel"} and len(timers) < MOST_TIMERS:
        return ["timer", chance.choice(ITEMS), chance.randrange(1, 7200)]
    if kind == "volume":
        return ["volume", chance.randrange(101)]
    some = chance.sample(ITEMS, chance.randrange(1, 4))
    return ["remove" if kind == "remove" else "add", some]


def do(store: StateStore, step: list[Any]) -> None:
    match step:
        case ["timer", name, seconds]:
            store.add_timer(name, seconds, 2e9)
        case ["cancel", _, _, number]:
            store.remove_timer(number)
        case ["add", items]:
            store.add_list_items("shopping", items)
        case ["remove", items]:
            store.remove_list_items("shopping", items)
        case ["volume", volume]:
            store.set_setting("volume", volume)


def tell(what: dict[str, Any]) -> None:
    """Write a line at once; a pipe takes a line this short whole."""
    os.write(1, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    main()
