"""The built-in actions, as somebody would use them: a match in, a result out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from assistant.actions import volume
from assistant.actions.muting import NoMicrophones, Switch
from assistant.actions.registry import ActionContext, build_builtins
from assistant.agenda import Agenda
from assistant.errors import ActionError
from assistant.events import AlarmDue, Due
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.local import nothing_to_undo
from assistant.ports import MediaCommand, MediaPlayer, Mixer, Track
from assistant.state import StateStore
from assistant.timers import Timers
from assistant.turn import ActionResult, Match, Slot
from assistant.values import NamedDay, Percent, SlotValue


@dataclass
class House:
    """The actions on a real store, with a clock that is turned by hand."""

    store: StateStore
    now: datetime = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
    last_reply: str = ""
    last_asked: str = ""
    last_heard: str = ""
    chances: list[int] = field(default_factory=list)
    looked_again: int = 0
    rung: Due | None = None
    interrupted: AlarmDue | None = None
    results: list[tuple[str, ActionResult]] = field(default_factory=list)
    microphones: Switch = field(default_factory=NoMicrophones)
    mixer: Mixer | None = None
    player: MediaPlayer | None = None

    def __post_init__(self) -> None:
        self.timers = Timers(self.store)
        self.agenda = Agenda(self.store)
        self.actions = build_builtins(
            ActionContext(
                now=lambda: self.now,
                timers=self.timers,
                settings=self.store,
                lists=self.store,
                last_reply=lambda: self.last_reply,
                last_asked=lambda: self.last_asked,
                last_heard=lambda: self.last_heard,
                undo=nothing_to_undo,
                examples=lambda _: ["what time is it", "set a timer for five minutes"],
                groups=lambda: ["timers", "the volume"],
                timers_changed=self.timers_changed,
                agenda=self.agenda,
                last_rung=lambda: self.rung,
                interrupted=lambda: self.interrupted,
                chance=self.chance,
                microphones=self.microphones,
                mixer=self.mixer,
                player=self.player,
            )
        )

    def chance(self, choices: int) -> int:
        chosen = self.chances.pop(0)
        assert chosen in range(choices)
        return chosen

    def timers_changed(self) -> None:
        self.looked_again += 1

    def do(self, action: str, **slots: SlotValue) -> ActionResult:
        match = Match(
            intent=action.replace(".", "_"),
            slots=tuple(Slot(name, value, str(value)) for name, value in slots.items()),
            text="what was said",
            template="a template",
            place="intents/en/house.yaml:3:5",
        )
        result = asyncio.run(_call(self, action, match))
        self.results.append((action, result))
        return result

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


async def _call(house: House, action: str, match: Match) -> ActionResult:
    return await house.actions[action](match)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Whatever a test does, every result keeps the contract with the intent files."""
    with closing(StateStore.open(tmp_path / "state.sqlite3")) as store:
        house = House(store)
        yield house
    for action, result in house.results:
        promised = BUILTIN_ACTIONS[action][result.outcome]
        assert promised.always <= result.values.keys(), action


def test_every_builtin_action_can_be_made(house: House) -> None:
    assert house.actions.keys() == BUILTIN_ACTIONS.keys()


def test_the_time(house: House) -> None:
    assert house.do("clock.time") == ActionResult(values={"time": time(15, 9, 26)})


def test_the_date(house: House) -> None:
    assert house.do("clock.date") == ActionResult(values={"date": NamedDay(2026, 3, 14)})


class TestSettingATimer:
    def test_for_five_minutes(self, house: House) -> None:
        result = house.do("timers.set", minutes=5)
        assert result == ActionResult("done", {"duration": timedelta(minutes=5)})
        assert house.timers.next_due() == house.now.timestamp() + 300
        assert house.looked_again == 1

    def test_for_a_duration_that_was_said_as_one(self, house: House) -> None:
        result = house.do("timers.set", duration=timedelta(hours=1, minutes=30))
        assert result.values["duration"] == timedelta(hours=1, minutes=30)

    def test_a_duration_and_minutes_are_added_up(self, house: House) -> None:
        result = house.do("timers.set", duration=timedelta(hours=1), minutes=30)
        assert result.values["duration"] == timedelta(hours=1, minutes=30)

    def test_for_hours_minutes_and_seconds(self, house: House) -> None:
        result = house.do("timers.set", hours=1, minutes=30, seconds=15)
        assert result.values["duration"] == timedelta(hours=1, minutes=30, seconds=15)

    def test_for_one_and_a_half_hours(self, house: House) -> None:
        result = house.do("timers.set", hours=1.5)
        assert result.values["duration"] == timedelta(minutes=90)

    def test_with_a_name(self, house: House) -> None:
        result = house.do("timers.set", minutes=8, name="pasta")
        assert result == ActionResult("named", {"duration": timedelta(minutes=8), "name": "pasta"})

    def test_for_no_time_rings_at_once(self, house: House) -> None:
        house.do("timers.set", minutes=0)
        assert len(house.timers.due(house.now.timestamp())) == 1

    def test_error_without_a_duration(self, house: House) -> None:
        with pytest.raises(ActionError) as caught:
            house.do("timers.set", name="pasta")
        assert caught.value.message == "the intent 'timers_set' sets a timer without a duration"
        assert caught.value.hint == (
            "Give it the slot duration, or hours, minutes, seconds, at intents/en/house.yaml:3:5."
        )

    def test_error_of_a_duration_in_words(self, house: House) -> None:
        with pytest.raises(ActionError) as caught:
            house.do("timers.set", minutes="five")
        assert caught.value.message == "the slot 'minutes' of 'timers_set' is not a number"
        assert caught.value.hint == (
            "Make it one where 'a template' stands, at intents/en/house.yaml:3:5."
        )

    def test_error_of_a_number_for_a_duration(self, house: House) -> None:
        with pytest.raises(ActionError) as caught:
            house.do("timers.set", duration=5)
        assert caught.value.message == "the slot 'duration' of 'timers_set' is not a length of time"
        assert caught.value.hint == (
            "Make it one where 'a template' stands, at intents/en/house.yaml:3:5."
        )

    @pytest.mark.parametrize(
        ("hours", "message"),
        [
            (9000, "a timer cannot be longer than a year"),
            (1e300, "a timer cannot be longer than a year"),
            (-1, "a timer cannot be shorter than nothing"),
            (float("inf"), "the slot 'hours' of 'timers_set' is not a number"),
        ],
    )
    def test_error_of_a_duration_out_of_bounds(
        self, house: House, hours: float, message: str
    ) -> None:
        with pytest.raises(ActionError) as caught:
            house.do("timers.set", hours=hours)
        assert caught.value.message == message

    def test_error_when_it_cannot_be_stored(self, house: House) -> None:
        house.store._connection.execute("PRAGMA query_only = ON")
        with pytest.raises(ActionError) as caught:
            house.do("timers.set", minutes=5)
        assert caught.value.message == "the state database cannot be used: the file is read-only"
        assert house.timers.next_due() is None


@pytest.mark.parametrize("ask", ["timers.left", "timers.list"])
class TestAskingForTimers:
    def test_none(self, house: House, ask: str) -> None:
        assert house.do(ask) == ActionResult("none")

    def test_one(self, house: House, ask: str) -> None:
        house.do("timers.set", minutes=5)
        house.wait(60.4)
        assert house.do(ask) == ActionResult(
            "one", {"left": timedelta(minutes=4), "duration": timedelta(minutes=5)}
        )

    def test_one_with_a_name(self, house: House, ask: str) -> None:
        house.do("timers.set", minutes=5, name="tea")
        result = house.do(ask)
        assert (result.outcome, result.values["name"]) == ("named", "tea")

    def test_many(self, house: House, ask: str) -> None:
        house.do("timers.set", minutes=10, name="pasta")
        house.do("timers.set", minutes=5)
        house.wait(60)
        names = [timedelta(minutes=5), "pasta"]
        assert house.do(ask) == ActionResult(
            "many",
            {
                "left": timedelta(minutes=4),
                "duration": timedelta(minutes=5),
                "count": 2,
                "names": names,
                "timers": names,
                "lefts": [timedelta(minutes=4), timedelta(minutes=9)],
            },
        )

    def test_never_says_that_nothing_is_left(self, house: House, ask: str) -> None:
        house.do("timers.set", seconds=1)
        house.wait(0.9)
        assert house.do(ask).values["left"] == timedelta(seconds=1)


class TestAskingForOneOfMany:
    @pytest.fixture(autouse=True)
    def _two_timers(self, house: House) -> None:
        house.do("timers.set", minutes=10, name="pasta")
        house.do("timers.set", minutes=5, name="tea")

    def test_by_name(self, house: House) -> None:
        result = house.do("timers.left", name="pasta")
        assert result.outcome == "named"
        assert result.values["left"] == timedelta(minutes=10)

    def test_by_duration(self, house: House) -> None:
        assert house.do("timers.left", minutes=5).values["name"] == "tea"

    def test_that_does_not_run_tells_those_that_do(self, house: House) -> None:
        assert house.do("timers.left", name="eggs").values["names"] == ["tea", "pasta"]


class TestCancelling:
    def test_none(self, house: House) -> None:
        assert house.do("timers.cancel") == ActionResult("none")
        assert house.do("timers.cancel", name="tea") == ActionResult("none")

    def test_the_only_one(self, house: House) -> None:
        house.do("timers.set", minutes=5)
        assert house.do("timers.cancel") == ActionResult("done", {"duration": timedelta(minutes=5)})
        assert house.store.timers() == []
        assert house.looked_again == 2

    def test_by_name(self, house: House) -> None:
        house.do("timers.set", minutes=5, name="tea")
        house.do("timers.set", minutes=5, name="pasta")
        result = house.do("timers.cancel", name="Tea")
        assert result == ActionResult("named", {"duration": timedelta(minutes=5), "name": "tea"})
        assert [timer.name for timer in house.store.timers()] == ["pasta"]

    def test_by_duration(self, house: House) -> None:
        house.do("timers.set", minutes=5)
        house.do("timers.set", minutes=10)
        assert house.do("timers.cancel", minutes=10).outcome == "done"
        assert [timer.duration_seconds for timer in house.store.timers()] == [300]

    def test_asks_which_of_several(self, house: House) -> None:
        house.do("timers.set", minutes=5)
        house.do("timers.set", minutes=10, name="pasta")
        assert house.do("timers.cancel") == ActionResult(
            "which", {"names": [timedelta(minutes=5), "pasta"], "count": 2}
        )
        assert len(house.store.timers()) == 2

    def test_asks_rather_than_cancel_another(self, house: House) -> None:
        house.do("timers.set", minutes=5, name="tea")
        result = house.do("timers.cancel", name="eggs")
        assert result == ActionResult("which", {"names": ["tea"], "count": 1})
        assert len(house.store.timers()) == 1

    def test_all(self, house: House) -> None:
        house.do("timers.set", minutes=5)
        house.do("timers.set", minutes=10)
        assert house.do("timers.cancel_all") == ActionResult("done", {"count": 2})
        assert house.do("timers.cancel_all") == ActionResult("none")
        assert house.store.timers() == []


class TestVolume:
    def test_to_a_value_that_a_restart_keeps(self, house: House) -> None:
        assert house.do("volume.set", volume=30) == ActionResult(values={"volume": 30})
        assert House(house.store).do("volume.up") == ActionResult(values={"volume": 40})

    def test_to_a_percentage(self, house: House) -> None:
        assert house.do("volume.set", volume=Percent(30)).values == {"volume": 30}

    def test_to_more_than_there_is(self, house: House) -> None:
        assert house.do("volume.set", volume=150).values == {"volume": 100}

    def test_up_to_the_end(self, house: House) -> None:
        house.do("volume.set", volume=95)
        assert house.do("volume.up") == ActionResult(values={"volume": 100})
        assert house.do("volume.up") == ActionResult("loudest", {"volume": 100})

    def test_down_to_the_end(self, house: House) -> None:
        house.do("volume.set", volume=5)
        assert house.do("volume.down") == ActionResult(values={"volume": 0})
        assert house.do("volume.down") == ActionResult("quietest", {"volume": 0})

    def test_by_a_step(self, house: House) -> None:
        house.do("volume.set", volume=50)
        assert house.do("volume.down", step=25).values == {"volume": 25}

    def test_error_without_a_value(self, house: House) -> None:
        with pytest.raises(ActionError) as caught:
            house.do("volume.set")
        assert caught.value.message == "the intent 'volume_set' sets no volume"
        assert caught.value.hint == "Give it the slot volume, at intents/en/house.yaml:3:5."


class TestTheAssistantItself:
    @pytest.mark.parametrize("action", ["assistant.stop", "assistant.never_mind"])
    def test_stops_without_a_word(self, house: House, action: str) -> None:
        assert house.do(action) == ActionResult("done", closing=True)

    def test_has_nothing_to_repeat(self, house: House) -> None:
        assert house.do("assistant.repeat") == ActionResult("none")

    def test_repeats_its_last_reply(self, house: House) -> None:
        house.last_reply = "it is nine o'clock"
        assert house.do("assistant.repeat").values == {"text": "it is nine o'clock"}

    def test_says_what_can_be_said(self, house: House) -> None:
        examples = ["what time is it", "set a timer for five minutes"]
        groups = ["timers", "the volume"]
        assert house.do("assistant.help").values == {"examples": examples, "groups": groups}
        of_one = house.do("assistant.help", group="timers")
        assert of_one == ActionResult("group", {"examples": examples})

    def test_has_not_been_asked_anything(self, house: House) -> None:
        assert house.do("assistant.last_asked") == ActionResult("none")

    def test_tells_what_it_was_asked(self, house: House) -> None:
        house.last_asked = "what time is it"
        assert house.do("assistant.last_asked").values == {"text": "what time is it"}


class TestChance:
    def test_a_die(self, house: House) -> None:
        house.chances = [0, 5]
        assert house.do("chance.dice") == ActionResult(values={"number": 1})
        assert house.do("chance.dice", dice=1) == ActionResult(values={"number": 6})

    def test_several_dice(self, house: House) -> None:
        house.chances = [4, 1]
        result = house.do("chance.dice", dice=2)
        assert result == ActionResult("several", {"numbers": [5, 2], "total": 7})

    @pytest.mark.parametrize("dice", [0, -1, 21])
    def test_more_dice_than_there_are(self, house: House, dice: int) -> None:
        assert house.do("chance.dice", dice=dice) == ActionResult("too_many")

    def test_a_coin(self, house: House) -> None:
        house.chances = [0, 1]
        assert house.do("chance.coin") == ActionResult("heads")
        assert house.do("chance.coin") == ActionResult("tails")

    @pytest.mark.parametrize(("low", "high"), [(1, 10), (10, 1)])
    def test_a_number_with_both_ends(self, house: House, low: int, high: int) -> None:
        house.chances = [0, 9]
        assert house.do("chance.number", low=low, high=high).values == {"number": 1}
        assert house.do("chance.number", low=low, high=high).values == {"number": 10}

    def test_a_number_between_two_that_are_the_same(self, house: House) -> None:
        house.chances = [0]
        assert house.do("chance.number", low=-3, high=-3).values == {"number": -3}

    def test_error_of_half_a_number(self, house: House) -> None:
        with pytest.raises(ActionError, match=r"1\.5 is not a whole number"):
            house.do("chance.number", low=1.5, high=3)

    def test_nobody_can_tell_what_comes(self, house: House) -> None:
        """The real source of chance, of which both sides come up in a hundred throws."""
        fair = build_builtins(
            ActionContext(
                now=lambda: house.now,
                timers=house.timers,
                settings=house.store,
                lists=house.store,
                last_reply=str,
                last_asked=str,
                last_heard=str,
                undo=nothing_to_undo,
                examples=list,
                groups=list,
                timers_changed=lambda: None,
                agenda=house.agenda,
            )
        )
        house.actions = fair
        assert {house.do("chance.coin").outcome for _ in range(100)} == {"heads", "tails"}


class Microphones:
    """What can be turned off."""

    def __init__(self) -> None:
        self.off: list[float | None] = []

    def mute(self, seconds: float | None = None) -> None:
        self.off.append(seconds)

    def unmute(self) -> bool:
        return bool(self.off)


class TestMicrophones:
    @pytest.fixture
    def microphones(self, house: House) -> Microphones:
        microphones = Microphones()
        house.microphones = microphones
        house.__post_init__()
        return microphones

    def test_off(self, house: House, microphones: Microphones) -> None:
        assert house.do("microphone.mute") == ActionResult(closing=True)
        assert microphones.off == [None]

    def test_off_for_a_time(self, house: House, microphones: Microphones) -> None:
        result = house.do("microphone.mute", minutes=10)
        length = timedelta(minutes=10)
        assert result == ActionResult("timed", {"duration": length}, closing=True)
        assert microphones.off == [600]

    def test_on(self, house: House, microphones: Microphones) -> None:
        assert house.do("microphone.unmute").outcome == "none"
        house.do("microphone.mute")
        assert house.do("microphone.unmute").outcome == "done"

    @pytest.mark.parametrize("action", ["microphone.mute", "microphone.unmute"])
    def test_error_where_no_assistant_runs(self, house: House, action: str) -> None:
        with pytest.raises(ActionError, match=r"[Nn]o assistant is running here"):
            house.do(action)


class Knob:
    """The volume of a system."""

    def __init__(self, percent: int) -> None:
        self.percent = percent

    def volume(self) -> int:
        return self.percent

    def set_volume(self, percent: int) -> None:
        self.percent = percent


class TestVolumeOfTheSystem:
    @pytest.fixture
    def knob(self, house: House) -> Knob:
        house.mixer = knob = Knob(50)
        house.__post_init__()
        return knob

    def test_is_what_is_set(self, house: House, knob: Knob) -> None:
        assert house.do("volume.set", volume=Percent(30)).values == {"volume": 30}
        assert knob.percent == 30
        assert volume.current(house.store) == volume.DEFAULT

    def test_up_and_down_to_the_ends(self, house: House, knob: Knob) -> None:
        assert house.do("volume.up").values == {"volume": 60}
        assert house.do("volume.up", step=100).values == {"volume": 100}
        assert house.do("volume.up").outcome == "loudest"
        assert house.do("volume.down", step=100).values == {"volume": 0}
        assert house.do("volume.down").outcome == "quietest"
        assert knob.percent == 0


class Jukebox:
    """A player of music."""

    def __init__(self, track: Track | None) -> None:
        self.track = track
        self.told: list[MediaCommand] = []

    async def do(self, command: MediaCommand) -> Track | None:
        self.told.append(command)
        return self.track


def with_jukebox(house: House, track: Track | None) -> Jukebox:
    house.player = jukebox = Jukebox(track)
    house.__post_init__()
    return jukebox


class TestMusic:
    @pytest.mark.parametrize("command", ["play", "pause", "next", "previous", "stop"])
    def test_each_command_reaches_the_player(self, house: House, command: str) -> None:
        jukebox = with_jukebox(house, Track("Blue Train"))
        assert house.do(f"media.{command}") == ActionResult("done")
        assert jukebox.told == [MediaCommand(command)]
        jukebox.track = None
        assert house.do(f"media.{command}") == ActionResult("none")

    @pytest.mark.parametrize(
        ("track", "outcome", "values"),
        [
            (None, "none", {}),
            (Track("Blue Train", "John Coltrane"), "none", {}),
            (Track(playing=True), "unknown", {}),
            (Track("", "John Coltrane", playing=True), "unknown", {}),
            (Track("Blue Train", playing=True), "titled", {"title": "Blue Train"}),
            (
                Track("Blue\x1b[2J\nTrain ", "John Coltrane", playing=True),
                "done",
                {"title": "Blue [2J Train", "artist": "John Coltrane"},
            ),
            (Track("la " * 500, playing=True), "titled", {"title": ("la " * 67)[:200]}),
        ],
    )
    def test_what_is_playing(
        self, house: House, track: Track | None, outcome: str, values: dict[str, str]
    ) -> None:
        with_jukebox(house, track)
        assert house.do("media.playing") == ActionResult(outcome, values)

    def test_error_where_no_assistant_runs(self, house: House) -> None:
        with pytest.raises(ActionError, match="There is no player of music here"):
            house.do("media.playing")
