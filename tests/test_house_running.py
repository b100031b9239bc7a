"""The house through a running assistant: what is said, what comes at the devices, what is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mosquitto import PASSWORD, USER, Broker, mosquitto
from tests.running import Home, Running, home
from tests.webserver import WebServer, web_server

pytestmark = pytest.mark.engines

TOKEN = "token-4711"  # noqa: S105
CONFIG = """
actions:
  timeout_seconds: 5
  mqtt_broker: BROKER
  mqtt_credential: mqtt
"""
INTENTS = """
intents:
  Temperature:
    sentences: ["how warm is it in the {room}"]
    action:
      http: {url: "SERVER/api/states/{room}", credential: home, values: {degrees: main.temp}}
    reply:
      done: "It is {degrees} degrees."
      failed: "I cannot tell how warm it is: {reason}."
  Lamp:
    sentences: ["lamp in the {room} {state:on|off}"]
    action:
      - mqtt:
          topic: "house/{room}/set"
          json: {state: "{state}"}
          answer: "house/{room}"
          values: {now: state}
      - builtin: lists.add
        when: {state: "on"}
      - http: {url: "SERVER/done", json: {room: "{room}"}}
    slots: {list: lamps, item: one lamp}
    reply: {done: "The lamp is {now}.", there: "It was {now} before.", some: "Some."}
  Fan:
    sentences: ["fan {state:on|off}"]
    action: {http: {url: "SERVER/fan/{state}"}}
    undo: {http: {url: "SERVER/fan/off"}, when: {state: "on"}}
    reply: "Fan {state}."
  Evening:
    sentences: [good evening]
    routine: [how warm is it in the kitchen, "set a timer for ten minutes"]
    reply: "Good evening."
lists:
  room: {values: [kitchen, hall]}
"""


@dataclass
class House:
    """An assistant with a broker and a web server in its house."""

    assistant: Running
    broker: Broker
    server: WebServer


def credential(place: Home, name: str, secret: str) -> Path:
    folder = place.paths.config_directories[0] / "credentials"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(secret)
    (folder / name).chmod(0o600)
    return folder / name


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    with home() as place, mosquitto(secured=True) as broker, web_server() as server:
        place.config(CONFIG.replace("BROKER", broker.url))
        place.intents("house.yaml", INTENTS.replace("SERVER", server.url))
        credential(place, "home", TOKEN)
        credential(place, "mqtt", f"{USER}:{PASSWORD}")
        with Running(place) as assistant:
            yield House(assistant, broker, server)
            assert TOKEN not in assistant.output
            assert PASSWORD not in assistant.output


def test_what_a_server_answers_is_told(house: House) -> None:
    house.server.came.clear()
    house.server.says({"main": {"temp": 21.5}})
    turn = house.assistant.say("how warm is it in the kitchen")
    assert (turn["outcome"], turn["reply"]) == ("acted", "It is 21.5 degrees.")
    (came,) = house.server.came
    assert (came.target, came.headers["Authorization"]) == (
        "/api/states/kitchen",
        f"Bearer {TOKEN}",
    )


def test_what_fails_is_told_in_the_owner_s_words_and_the_log_says_more(house: House) -> None:
    house.server.next_statuses = [401]
    turn = house.assistant.say("how warm is it in the hall")
    assert (turn["outcome"], turn["reply"]) == (
        "failed",
        "I cannot tell how warm it is: 127.0.0.1 does not accept the credential 'home'.",
    )
    line = house.assistant.wait_for_output("Temperature: 127.0.0.1 does not accept")
    assert "It answered 401." in line
    assert "house.yaml:" in line
    assert "hall" not in line


def test_steps_of_several_kinds(house: House) -> None:
    house.server.came.clear()
    kitchen = ("house/kitchen", '{"state": "bright"}')
    with house.broker.device("house/kitchen/set", answers=kitchen) as lamp:
        first = house.assistant.say("lamp in the kitchen on")
        assert lamp.heard() == ("house/kitchen/set", b'{"state":"on"}')
        again = house.assistant.say("lamp in the kitchen on")
        off = house.assistant.say("lamp in the kitchen off")
    replies = [turn["reply"] for turn in (first, again, off)]
    assert replies == ["The lamp is bright.", "It was bright before.", "The lamp is bright."]
    assert [json.loads(came.body) for came in house.server.came] == [{"room": "kitchen"}] * 3


def test_a_broker_that_is_gone_and_back(house: House) -> None:
    house.broker.stop()
    gone = house.assistant.say("lamp in the hall on")
    assert gone["reply"] == "That did not work: the broker 127.0.0.1 cannot be reached"
    house.broker.start()
    with house.broker.device("house/hall/set", answers=("house/hall", '{"state": "on"}')):
        assert house.assistant.say("lamp in the hall off")["reply"] == "The lamp is on."


def test_what_was_done_is_taken_back(house: House) -> None:
    house.server.came.clear()
    assert house.assistant.say("fan on")["reply"] == "Fan on."
    assert house.assistant.say("undo that")["outcome"] == "acted"
    assert [came.target for came in house.server.came] == ["/fan/on", "/fan/off"]


def test_a_routine(house: House) -> None:
    house.server.says({"main": {"temp": 18}})
    turn = house.assistant.say("good evening")
    assert turn["intent"] == "Evening"
    assert turn["reply"].startswith("Good evening. It is 18 degrees. ")
    assert "10 minutes" in turn["reply"]


def test_a_file_with_a_wrong_routine_is_told_by_check() -> None:
    with home() as place:
        wrong = INTENTS.replace("ten minutes", "ten elephants")
        place.intents("house.yaml", wrong.replace("SERVER", "http://home.local"))
        done = place.run("check")
    assert done.returncode != 0
    assert "no intent understands 'set a timer for ten elephants'" in done.stdout + done.stderr


def test_without_an_assistant_the_steps_are_done_at_once(house: House) -> None:
    with home() as place:
        place.intents("house.yaml", INTENTS.replace("SERVER", house.server.url))
        credential(place, "home", TOKEN)
        house.server.says({"main": {"temp": 7.25}})
        done = place.run("say", "how warm is it in the kitchen")
    assert done.stdout.strip().endswith("It is 7.25 degrees.")
