"""Lists by voice: shopping, to-do, or of any name. A list is there as long as it has items."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from assistant.actions.slots import text
from assistant.actions.undoing import takes_back
from assistant.errors import ActionError
from assistant.turn import ActionResult, Match

ITEM_SLOTS = ("item", "next_item", "last_item")
MAXIMUM_ITEMS = 500
"""Of a list: reading out so many takes a quarter of an hour."""

MAXIMUM_CHARACTERS = 200
"""Of an item, and of a list's name."""


class ListStore(Protocol):
    """Where lists survive a restart. Every method raises StateError when it cannot."""

    def list_items(self, name: str) -> list[str]:
        """Items of a list in the order they were added; none where there is no such list."""
        ...

    def add_list_items(self, name: str, items: Sequence[str]) -> None:
        """Add items, all or none of them."""
        ...

    def remove_list_items(self, name: str, items: Sequence[str]) -> None:
        """Remove items, all or none of them."""
        ...


@dataclass(frozen=True, slots=True)
class ListActions:
    """The actions ``lists.*``.

    Slots: ``list``; ``item``, ``next_item``, ``last_item``. Metadata: ``list`` is the list's name
    where the slot has another to be spoken; ``joining`` are the words between items, where ``item``
    is any words and may be several of them.
    """

    store: ListStore

    def add(self, match: Match) -> ActionResult:
        """Add items: 'done', 'there' when the list has all of them already, or 'some'."""
        name = _name(match)
        wanted = _items(match)
        have = self.store.list_items(name)
        known = set(map(_key, have))
        new = [item for item in wanted if _key(item) not in known]
        there = [item for item in wanted if _key(item) in known]
        if len(have) + len(new) > MAXIMUM_ITEMS:
            raise ActionError(f"a list has room for {MAXIMUM_ITEMS} items", "Clear it first.")
        self.store.add_list_items(name, new)
        if not new:
            return ActionResult("there", {"there": there})
        undo = takes_back(partial(self.store.remove_list_items, name, new))
        if not there:
            return ActionResult("done", {"items": new}, undo=undo)
        return ActionResult("some", {"items": new, "there": there}, undo=undo)

    def remove(self, match: Match) -> ActionResult:
        """Remove items: 'done', 'missing' when the list has none of them, or 'some'.

        'which' of ``choices`` when an item can be several: nothing is removed on a guess.
        """
        name = _name(match)
        have = self.store.list_items(name)
        gone: list[str] = []
        missing: list[str] = []
        for item in _items(match):
            found = _meant(item, have)
            if len(found) > 1:
                return ActionResult("which", {"choices": found})
            gone += found
            missing += [] if found else [item]
        gone = list(dict.fromkeys(gone))
        self.store.remove_list_items(name, gone)
        if not gone:
            return ActionResult("missing", {"missing": missing})
        undo = takes_back(partial(self.store.add_list_items, name, gone))
        if not missing:
            return ActionResult("done", {"items": gone}, undo=undo)
        return ActionResult("some", {"items": gone, "missing": missing}, undo=undo)

    def tell(self, match: Match) -> ActionResult:
        """Say what is on a list: 'none', or 'done'."""
        items = self.store.list_items(_name(match))
        if not items:
            return ActionResult("none")
        return ActionResult("done", {"items": items, "count": len(items)})

    def find(self, match: Match) -> ActionResult:
        """Say whether something is on a list: 'done' with the ``items`` it can be, or 'missing'."""
        wanted = _items(match)
        have = self.store.list_items(_name(match))
        found = [one for item in wanted for one in _meant(item, have)]
        if found:
            return ActionResult("done", {"items": list(dict.fromkeys(found))})
        return ActionResult("missing", {"missing": wanted})

    def clear(self, match: Match) -> ActionResult:
        """Remove everything: 'none', or 'done' with the ``count`` of what was there."""
        name = _name(match)
        items = self.store.list_items(name)
        self.store.remove_list_items(name, items)
        if not items:
            return ActionResult("none")
        undo = takes_back(partial(self.store.add_list_items, name, items))
        return ActionResult("done", {"count": len(items)}, undo=undo)


def _name(match: Match) -> str:
    known_as = match.metadata.get("list")
    name = known_as if isinstance(known_as, str) else text(match, "list")
    return _sized(_key(name), "the name of a list", match)


def _items(match: Match) -> list[str]:
    """The items that were said, each once; any words are parted at commas and joining words."""
    said = [text(match, slot) for slot in ITEM_SLOTS]
    joining = match.metadata.get("joining")
    if isinstance(joining, list):
        said = list(_parted(said[0], [str(word) for word in joining]))
    each_once = {_key(item): " ".join(item.split()) for item in reversed(said)}
    items = [item for key, item in reversed(each_once.items()) if key]
    if not items:
        raise _nothing("an item", match)
    return [_sized(item, "an item", match) for item in items]


def _parted(words: str, joining: Sequence[str]) -> Iterable[str]:
    longest_first = sorted(joining, key=len, reverse=True)
    between = "|".join(rf"\s+{re.escape(word)}\s+" for word in longest_first)
    return re.split(rf"\s*,(?:{between}|\s*)|{between}" if between else r"\s*,\s*", words)


def _meant(item: str, items: Sequence[str]) -> list[str]:
    """What somebody means by an item: itself, or else those that end so.

    "Water" is the two bottles of water: in English and in German the thing itself comes last.
    """
    key = _key(item)
    if exact := [one for one in items if _key(one) == key]:
        return exact
    return [one for one in items if _key(one).endswith(f" {key}")]


def _key(words: str) -> str:
    """What makes two names or items the same."""
    return " ".join(words.casefold().split())


def _sized(words: str, what: str, match: Match) -> str:
    if not words:
        raise _nothing(what, match)
    if len(words) > MAXIMUM_CHARACTERS:
        raise ActionError(f"{what} has at most {MAXIMUM_CHARACTERS} characters")
    return words


def _nothing(what: str, match: Match) -> ActionError:
    return ActionError(
        f"the intent '{match.intent}' lacks {what}",
        f"Give it the slots list and item, at {match.place}.",
    )
