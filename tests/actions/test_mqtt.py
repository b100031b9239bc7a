"""MQTT messages of the owner's, by a real broker on loopback."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from assistant.actions.credentials import Credentials
from assistant.actions.mqtt import exchange_message
from assistant.errors import ActionError
from assistant.intents.messages import broker_of
from assistant.intents.steps import Broker as BrokerAddress
from assistant.intents.steps import MqttMessage
from assistant.values import Plain
from tests.house import steps_of
from tests.intents.test_placeholders import HOSTILE
from tests.mosquitto import PASSWORD, USER, Broker, mosquitto

pytestmark = pytest.mark.engines


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    with mosquitto() as running:
        yield running


@pytest.fixture(scope="module")
def secured() -> Iterator[Broker]:
    with mosquitto(secured=True) as running:
        yield running


def message_of(mqtt: str) -> MqttMessage:
    deed = steps_of(f"{{mqtt: {{{mqtt}}}}}").steps[0].deed
    assert isinstance(deed, MqttMessage)
    return deed


def send(
    mqtt: str,
    broker: Broker | BrokerAddress,
    slots: Mapping[str, Plain] | None = None,
    *,
    credential: tuple[Path, str] | None = None,
    timeout_seconds: float = 20.0,
) -> dict[str, Any]:
    address = broker_of(broker.url) if isinstance(broker, Broker) else broker
    assert address is not None
    secrets = Credentials()
    if credential is not None:
        folder, secret = credential
        (folder / "mqtt").write_text(secret)
        (folder / "mqtt").chmod(0o600)
        address, secrets = replace(address, credential="mqtt"), Credentials((folder,))
    work = exchange_message(message_of(mqtt), slots or {}, address, secrets, timeout_seconds)
    return dict(asyncio.run(work))


def error_of(mqtt: str, broker: Broker | BrokerAddress, **options: Any) -> ActionError:
    with pytest.raises(ActionError) as caught:
        send(mqtt, broker, **options)
    assert PASSWORD not in str(caught.value)
    return caught.value


def test_a_message_is_published(broker: Broker) -> None:
    with broker.device("house/#") as device:
        send('topic: "house/{a}/set", json: {state: "{b}", level: 5}', broker,
             {"a": "lamp", "b": 'on"}'})  # fmt: skip
        topic, payload = device.heard()
        assert (topic, json.loads(payload)) == ("house/lamp/set", {"state": 'on"}', "level": 5})
        send('topic: "house/{a}", payload: "{b}", qos: 0', broker, {"a": "x", "b": "ÄN"})
        assert device.heard() == ("house/x", "ÄN".encode())
        send('topic: house/y, payload: "", qos: 2', broker)
        assert device.heard() == ("house/y", b"")


def test_a_message_is_kept(broker: Broker) -> None:
    send("topic: kept/x, payload: stays, retain: true", broker)
    with broker.device("kept/#") as device:
        assert device.came.get(timeout=20) == ("kept/x", b"stays", True)


def test_an_answer_is_waited_for(broker: Broker) -> None:
    with broker.device("cmnd/#", answers=("stat/lamp", '{"POWER": "ON", "level": 40}')):
        values = send(
            'topic: cmnd/lamp, payload: "", answer: "stat/{a}", '
            "values: {state: POWER, level: level}",
            broker,
            {"a": "lamp"},
        )
    assert values == {"state": "ON", "level": 40}


def test_what_the_broker_kept_from_before_is_no_answer(broker: Broker) -> None:
    broker.keep("stat/old", "old")
    with broker.device("ask/#", answers=("stat/old", "new")):
        ask = 'topic: ask/it, payload: "", answer: stat/old, values: {state: "@"}'
        assert send(ask, broker) == {"state": "new"}
    assert send('answer: stat/old, values: {state: "@"}', broker) == {"state": "old"}


def test_what_is_published_is_no_answer_to_itself(broker: Broker) -> None:
    ask = "topic: same/topic, payload: x, answer: same/topic"
    error = error_of(ask, broker, timeout_seconds=0.5)
    assert str(error) == "The device did not answer in time. It was given 0.5 seconds."


def test_error_of_a_broker_that_is_not_there_and_it_works_once_it_is() -> None:
    with mosquitto() as broker:
        send("topic: a/b, payload: x", broker)
        broker.stop()
        error = error_of("topic: a/b, payload: x", broker)
        assert error.message == "the broker 127.0.0.1 cannot be reached"
        assert error.hint == f"127.0.0.1:{broker.port}: Connection refused."
        broker.start()
        send("topic: a/b, payload: x", broker)


def test_error_of_a_broker_that_goes_while_an_answer_is_waited_for() -> None:
    with mosquitto() as broker, broker.device("ask/#") as device:
        failed: list[ActionError] = []
        ask = "topic: ask/it, payload: x, answer: never"
        asking = threading.Thread(target=lambda: failed.append(error_of(ask, broker)))
        asking.start()
        device.heard()
        broker.stop()
        asking.join()
    assert failed[0].message == "the broker 127.0.0.1 hung up"


def test_error_of_a_broker_that_has_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = error_of("topic: a, payload: x", BrokerAddress("mqtt.local"))
    assert error.message == "the broker mqtt.local cannot be found"


class Odd:
    """Something else than a broker, which listens on loopback and says ``answer``."""

    def __init__(self, answer: bytes | None) -> None:
        self._answer = answer

    def __enter__(self) -> BrokerAddress:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return BrokerAddress("127.0.0.1", self._listener.getsockname()[1])

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            connection.recv(4096)
            if self._answer is None:
                connection.recv(4096)  # until it is hung up on
            else:
                connection.sendall(self._answer)

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        self._listener.close()


ODD = {
    "garbage": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "nothing": b"",
    "an old broker": b"\x20\x02\x00\x01",
    "an old broker that agrees": b"\x20\x02\x00\x00",
    "a broker that is busy": b"\x20\x03\x00\x89\x00",
}


@pytest.mark.parametrize("answer", ODD.values(), ids=ODD)
def test_error_of_what_is_no_broker(answer: bytes) -> None:
    with Odd(answer) as address:
        error = error_of("topic: a, payload: x", address)
    assert error.message.startswith("the broker 127.0.0.1 ")


def test_error_of_a_broker_that_says_nothing() -> None:
    with Odd(None) as address:
        error = error_of("topic: a, payload: x", address, timeout_seconds=0.5)
    assert error.message == "the broker 127.0.0.1 did not answer in time"


class TestSecured:
    def test_a_credential(self, secured: Broker, tmp_path: Path) -> None:
        login = tmp_path, f"{USER}:{PASSWORD}\n"
        with secured.device("house/#") as device:
            send("topic: house/lamp, payload: x", secured, credential=login)
            assert device.heard() == ("house/lamp", b"x")

    def test_error_of_none(self, secured: Broker) -> None:
        error = error_of("topic: house/lamp, payload: x", secured)
        assert error.message == "the broker 127.0.0.1 wants a credential"

    def test_error_of_a_wrong_one(self, secured: Broker, tmp_path: Path) -> None:
        login = tmp_path, f"{USER}:wrong"
        error = error_of("topic: house/lamp, payload: x", secured, credential=login)
        assert error.message == "the broker 127.0.0.1 does not accept the credential 'mqtt'"

    def test_error_of_half_a_one(self, secured: Broker, tmp_path: Path) -> None:
        error = error_of("topic: a, payload: x", secured, credential=(tmp_path, PASSWORD))
        assert str(error) == (
            "The credential 'mqtt' cannot be sent. Its file has to hold user:password."
        )

    def test_error_of_a_message_that_is_not_allowed(self, secured: Broker, tmp_path: Path) -> None:
        login = tmp_path, f"{USER}:{PASSWORD}"
        error = error_of("topic: door/open, payload: x", secured, credential=login)
        assert error.message == "the broker 127.0.0.1 does not allow this message"
        assert "Not authorized" in error.hint


def test_cancelling_ends_the_wait(broker: Broker) -> None:
    async def scene() -> None:
        address = broker_of(broker.url)
        assert address is not None
        with broker.device("ask/#") as device:
            message = message_of("topic: ask/it, payload: x, answer: never")
            asked = asyncio.create_task(
                exchange_message(message, {}, address, Credentials(), 600.0)
            )
            await asyncio.to_thread(device.heard)
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked

    asyncio.run(scene())  # which waits for the thread


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=HOSTILE)
def test_a_value_is_data_in_topic_and_payload(broker: Broker, value: str) -> None:
    with broker.device("said/#") as device:
        try:
            send('topic: "said/{a}/set", json: {a: "{a}"}', broker, {"a": value})
        except ActionError:
            assert device.came.empty()
            send("topic: said/end, payload: x", broker)
            assert device.heard() == ("said/end", b"x")
            return
        topic, payload = device.heard()
    assert topic.split("/") == ["said", value, "set"]
    assert json.loads(payload) == {"a": value}
