"""Lists by voice, on a real store: a match in, a result out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assistant.actions.lists import MAXIMUM_CHARACTERS, MAXIMUM_ITEMS, ListActions
from assistant.errors import ActionError
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.state import StateStore
from assistant.turn import ActionResult, Match, Slot

ANY_WORDS = {"joining": ["and", "and also"]}


class Kitchen:
    """Somebody who speaks of the shopping list, unless they name another."""

    def __init__(self, store: StateStore) -> None:
        self.store = store
        self.actions = ListActions(store)

    def do(
        self, what: str, *items: str, name: str = "shopping", metadata: Mapping[str, Any] = {}
    ) -> ActionResult:
        named = zip(("item", "next_item", "last_item"), items, strict=False)
        slots = tuple(Slot(slot, item, item) for slot, item in (("list", name), *named))
        match = Match("Lists", slots, "said", "a template", "a.yaml:1:1", metadata=metadata)
        result: ActionResult = getattr(self.actions, what)(match)
        promised = BUILTIN_ACTIONS[f"lists.{what}"][result.outcome]
        assert promised.always == result.values.keys()
        return result

    def has(self, name: str = "shopping") -> list[str]:
        return self.store.list_items(name)


@pytest.fixture
def kitchen(tmp_path: Path) -> Iterator[Kitchen]:
    with closing(StateStore.open(tmp_path / "state.sqlite3")) as store:
        yield Kitchen(store)


class TestAdding:
    def test_several_at_once_in_their_order(self, kitchen: Kitchen) -> None:
        result = kitchen.do("add", "milk", "eggs", "2 bottles of water")
        assert result == ActionResult("done", {"items": ["milk", "eggs", "2 bottles of water"]})
        assert kitchen.has() == ["milk", "eggs", "2 bottles of water"]

    def test_what_is_there_already(self, kitchen: Kitchen) -> None:
        kitchen.do("add", "milk")
        assert kitchen.do("add", "Milk") == ActionResult("there", {"there": ["Milk"]})
        assert kitchen.has() == ["milk"]

    def test_some_of_it_is_there_already(self, kitchen: Kitchen) -> None:
        kitchen.do("add", "milk")
        result = kitchen.do("add", "milk", "eggs")
        assert result == ActionResult("some", {"items": ["eggs"], "there": ["milk"]})
        assert kitchen.has() == ["milk", "eggs"]

    def test_the_same_twice_is_once(self, kitchen: Kitchen) -> None:
        assert kitchen.do("add", "milk", "milk").values == {"items": ["milk"]}
        assert kitchen.has() == ["milk"]

    @pytest.mark.parametrize(
        ("said", "items"),
        [
            ("red roses", ["red roses"]),
            ("milk, eggs, butter and red roses", ["milk", "eggs", "butter", "red roses"]),
            ("milk, eggs, and red roses", ["milk", "eggs", "red roses"]),
            ("red  roses and also Brandy", ["red roses", "Brandy"]),
            ("sandpaper", ["sandpaper"]),
        ],
    )
    def test_any_words_can_be_several(self, kitchen: Kitchen, said: str, items: list[str]) -> None:
        assert kitchen.do("add", said, metadata=ANY_WORDS).values == {"items": items}

    def test_an_item_that_is_known_is_never_parted(self, kitchen: Kitchen) -> None:
        assert kitchen.do("add", "salt and pepper").values == {"items": ["salt and pepper"]}

    def test_a_list_of_any_name(self, kitchen: Kitchen) -> None:
        kitchen.do("add", "socks", name="Norway ")
        assert kitchen.has("norway") == ["socks"]
        assert kitchen.do("tell", name="norway").values["items"] == ["socks"]

    def test_one_list_has_a_name_in_each_language(self, kitchen: Kitchen) -> None:
        kitchen.do("add", "Milch", name="Einkaufsliste", metadata={"list": "shopping"})
        assert kitchen.has("shopping") == ["Milch"]

    def test_error_of_too_many(self, kitchen: Kitchen) -> None:
        kitchen.store.add_list_items("shopping", [str(n) for n in range(MAXIMUM_ITEMS - 1)])
        kitchen.do("add", "milk")
        with pytest.raises(ActionError, match="A list has room for 500 items"):
            kitchen.do("add", "eggs")
        assert len(kitchen.has()) == MAXIMUM_ITEMS

    def test_error_of_an_endless_item(self, kitchen: Kitchen) -> None:
        with pytest.raises(ActionError, match="An item has at most 200 characters"):
            kitchen.do("add", "x" * (MAXIMUM_CHARACTERS + 1))
        assert kitchen.has() == []

    @pytest.mark.parametrize("items", [(), (" ",)])
    def test_error_of_nothing(self, kitchen: Kitchen, items: tuple[str, ...]) -> None:
        with pytest.raises(ActionError) as caught:
            kitchen.do("add", *items)
        assert caught.value.hint == "Give it the slots list and item, at a.yaml:1:1."


class TestRemoving:
    @pytest.fixture(autouse=True)
    def _full(self, kitchen: Kitchen) -> None:
        kitchen.do("add", "oat milk", "milk", "2 bottles of water")

    def test_exactly_that(self, kitchen: Kitchen) -> None:
        assert kitchen.do("remove", "Milk") == ActionResult("done", {"items": ["milk"]})
        assert kitchen.has() == ["oat milk", "2 bottles of water"]

    def test_however_much_of_it(self, kitchen: Kitchen) -> None:
        assert kitchen.do("remove", "water").values == {"items": ["2 bottles of water"]}

    def test_asks_which_rather_than_guess(self, kitchen: Kitchen) -> None:
        kitchen.do("remove", "milk")
        kitchen.do("add", "soy milk")
        result = kitchen.do("remove", "water", "milk")
        assert result == ActionResult("which", {"choices": ["oat milk", "soy milk"]})
        assert kitchen.has() == ["oat milk", "2 bottles of water", "soy milk"]

    def test_what_is_not_there(self, kitchen: Kitchen) -> None:
        assert kitchen.do("remove", "ilk") == ActionResult("missing", {"missing": ["ilk"]})
        assert len(kitchen.has()) == 3

    def test_some_of_it_is_not_there(self, kitchen: Kitchen) -> None:
        result = kitchen.do("remove", "milk and eggs", metadata=ANY_WORDS)
        assert result == ActionResult("some", {"items": ["milk"], "missing": ["eggs"]})

    def test_the_same_thing_by_two_names(self, kitchen: Kitchen) -> None:
        result = kitchen.do("remove", "water", "bottles of water")
        assert result.values == {"items": ["2 bottles of water"]}


def test_an_empty_list(kitchen: Kitchen) -> None:
    assert kitchen.do("tell") == ActionResult("none")
    assert kitchen.do("clear") == ActionResult("none")
    assert kitchen.do("find", "milk") == ActionResult("missing", {"missing": ["milk"]})


def test_what_is_on_it(kitchen: Kitchen) -> None:
    kitchen.do("add", "milk", "eggs")
    assert kitchen.do("tell") == ActionResult("done", {"items": ["milk", "eggs"], "count": 2})


def test_whether_something_is_on_it(kitchen: Kitchen) -> None:
    kitchen.do("add", "oat milk", "soy milk", "eggs")
    assert kitchen.do("find", "eggs").values == {"items": ["eggs"]}
    assert kitchen.do("find", "milk").values == {"items": ["oat milk", "soy milk"]}


def test_clearing_leaves_other_lists(kitchen: Kitchen) -> None:
    kitchen.do("add", "milk", "eggs")
    kitchen.do("add", "socks", name="packing")
    assert kitchen.do("clear") == ActionResult("done", {"count": 2})
    assert kitchen.has() == []
    assert kitchen.has("packing") == ["socks"]


def test_error_of_a_list_without_a_name(kitchen: Kitchen) -> None:
    with pytest.raises(ActionError, match="The intent 'Lists' lacks the name of a list"):
        kitchen.do("tell", name=" ")
