"""MQTT messages of the owner's, for the bridge: published, and waited for.

Each action has a connection of its own. On a local network that costs milliseconds, and nothing
can be stale: a broker that is gone is told in one sentence, and one that is back is used at once.
paho runs in a thread, without one of its own, so that its errors come back like any others. MQTT 5
lets the broker say that it refuses a message, where 3.1.1 drops it without a word.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant.actions.credentials import Credentials
from assistant.errors import ActionError
from assistant.intents.jsonpaths import MAXIMUM_BYTES, Value, find_values
from assistant.intents.placeholders import in_bytes, in_json, in_topic
from assistant.intents.steps import Broker, MqttMessage
from assistant.values import Plain

if TYPE_CHECKING:
    from paho.mqtt.client import Client, MQTTMessage
    from paho.mqtt.reasoncodes import ReasonCode

LOOK_SECONDS = 0.2
"""How often a thread that waits looks whether it is still wanted."""

CONNECT_SECONDS = 5.0
"""A broker that takes longer is not there."""

MARGIN_BYTES = 100_000
"""Of a packet, besides the payload."""

PROTOCOL_REFUSED = frozenset({0x01, 0x84})
CREDENTIAL_REFUSED = frozenset({0x04, 0x05, 0x86, 0x87, 0x8C})
"""Reason codes of MQTT 5 (section 2.4), and return codes of MQTT 3.1.1."""


@dataclass(frozen=True, slots=True)
class _Exchange:
    """What is sent and waited for; '' is nothing."""

    topic: str
    payload: bytes
    retain: bool
    qos: int
    answer: str


async def exchange_message(
    message: MqttMessage,
    slots: Mapping[str, Plain],
    usual_broker: Broker,
    credentials: Credentials,
    timeout_seconds: float,
) -> dict[str, Value]:
    """Publish a message, wait for its answer where there is one, and return the values in it.

    What the broker keeps of the answer's topic from before counts only where nothing is published.
    Raises ActionError with a sentence that names the broker, and nothing of what was said.
    """
    broker = message.broker or usual_broker
    secret = credentials.read(broker.credential) if broker.credential else ""
    if broker.credential and ":" not in secret:
        hint = "Its file has to hold user:password."
        raise ActionError(f"the credential '{broker.credential}' cannot be sent", hint)
    exchange = _filled(message, slots)
    session = _Session(broker, secret, exchange, time.monotonic() + timeout_seconds)
    try:
        async with asyncio.timeout(timeout_seconds + LOOK_SECONDS):
            answer = await asyncio.to_thread(session.run)
    except TimeoutError as error:
        hint = f"It was given {timeout_seconds:g} seconds."
        raise ActionError(session.late(), hint) from error
    finally:
        session.unwanted.set()
    if answer is None:
        return {}
    if len(answer) > MAXIMUM_BYTES:
        hint = f"At most {MAXIMUM_BYTES:,} bytes are read."
        raise ActionError(f"the answer of {broker.host} is too long", hint)
    return find_values(message.values.paths, answer, "the device")


def _filled(message: MqttMessage, slots: Mapping[str, Plain]) -> _Exchange:
    if message.json:
        text = json.dumps(in_json(message.json[0], slots), separators=(",", ":"))
        payload = text.encode("ascii")
    else:
        payload = in_bytes(message.payload, slots)
    return _Exchange(
        in_topic(message.topic, slots),
        payload,
        message.retain,
        message.qos,
        in_topic(message.answer, slots),
    )


@dataclass(slots=True)
class _Session:
    """One connection, from beginning to end, in a thread. ``deadline`` is of time.monotonic."""

    broker: Broker
    secret: str = field(repr=False)
    exchange: _Exchange = field(repr=False)
    deadline: float
    unwanted: threading.Event = field(default_factory=threading.Event)
    _connected: ReasonCode | None = None
    _subscribed: ReasonCode | None = None
    _published: ReasonCode | None = None
    _answer: bytes | None = None

    def late(self) -> str:
        """Say who did not answer: the device where the broker has done its part."""
        if self.exchange.answer and self._subscribed is not None:
            return "the device did not answer in time"
        return f"the broker {self.broker.host} did not answer in time"

    def run(self) -> bytes | None:
        """Do it all. Raises ActionError, and TimeoutError when the time is over."""
        client = self._client()
        try:
            self._connect(client)
            if self.exchange.answer:
                self._subscribe(client)
            if self.exchange.topic:
                self._publish(client)
            if self.exchange.answer:
                self._until(client, lambda: self._answer is not None)
            return self._answer
        finally:
            client.disconnect()
            client.loop(0.0)  # says goodbye, where the broker is still there

    def _client(self) -> Client:
        from paho.mqtt.client import Client, MQTTv5  # noqa: PLC0415 - loaded with the first message
        from paho.mqtt.enums import CallbackAPIVersion  # noqa: PLC0415

        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=f"assistant-{secrets.token_hex(6)}",
            protocol=MQTTv5,
            reconnect_on_failure=False,
        )
        if self.secret:
            user, _, password = self.secret.partition(":")
            client.username_pw_set(user, password)
        if self.broker.tls:
            client.tls_set_context(ssl.create_default_context())
        client.connect_timeout = max(0.1, min(CONNECT_SECONDS, self._left()))

        def connected(_c: Client, _u: Any, _f: Any, reason: ReasonCode, _p: Any) -> None:
            self._connected = reason

        def subscribed(_c: Client, _u: Any, _m: int, reasons: list[ReasonCode], _p: Any) -> None:
            self._subscribed = reasons[0]

        def published(_c: Client, _u: Any, _m: int, reason: ReasonCode, _p: Any) -> None:
            self._published = reason

        def came(_c: Client, _u: Any, message: MQTTMessage) -> None:
            if self._answer is None:
                self._answer = bytes(message.payload)

        client.on_connect, client.on_subscribe = connected, subscribed
        client.on_publish, client.on_message = published, came
        return client

    def _connect(self, client: Client) -> None:
        from paho.mqtt.packettypes import PacketTypes  # noqa: PLC0415
        from paho.mqtt.properties import Properties  # noqa: PLC0415

        host = self.broker.host
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.MaximumPacketSize = MAXIMUM_BYTES + MARGIN_BYTES
        try:
            client.connect(
                host, self.broker.port, keepalive=60, clean_start=True, properties=properties
            )
        except (OSError, ValueError) as error:
            raise self._unreachable(error) from error
        self._until(client, lambda: self._connected is not None)
        reason = self._connected
        if reason is None or not reason.is_failure:
            return
        if reason.value in PROTOCOL_REFUSED:
            hint = "It has to understand MQTT 5."
            raise ActionError(f"the broker {host} is too old", hint)
        if reason.value in CREDENTIAL_REFUSED:
            if not self.secret:
                hint = "Name one at 'actions: mqtt_credential:' of the configuration."
                raise ActionError(f"the broker {host} wants a credential", hint)
            name = self.broker.credential
            raise ActionError(f"the broker {host} does not accept the credential '{name}'")
        hint = f"Its reason: {reason}."
        raise ActionError(f"the broker {host} refuses the connection", hint)

    def _subscribe(self, client: Client) -> None:
        from paho.mqtt.subscribeoptions import SubscribeOptions  # noqa: PLC0415

        kept = SubscribeOptions.RETAIN_SEND_ON_SUBSCRIBE
        none = SubscribeOptions.RETAIN_DO_NOT_SEND
        options = SubscribeOptions(
            qos=1,
            noLocal=True,  # what is published here is no answer to itself
            retainHandling=none if self.exchange.topic else kept,
        )
        client.subscribe(self.exchange.answer, options=options)
        self._until(client, lambda: self._subscribed is not None)
        if self._subscribed is not None and self._subscribed.is_failure:
            raise self._not_allowed("to read the answer", self._subscribed)

    def _publish(self, client: Client) -> None:
        out = self.exchange
        info = client.publish(out.topic, out.payload, out.qos, out.retain)
        self._until(client, info.is_published)
        if self._published is not None and self._published.is_failure:
            raise self._not_allowed("this message", self._published)

    def _until(self, client: Client, done: Callable[[], bool]) -> None:
        while not done():
            left = self._left()
            if left <= 0 or self.unwanted.is_set():
                raise TimeoutError
            status = client.loop(min(left, LOOK_SECONDS))
            if status and not done():
                hint = f"The connection ended: {status.name}."
                raise ActionError(f"the broker {self.broker.host} hung up", hint)

    def _left(self) -> float:
        return self.deadline - time.monotonic()

    def _not_allowed(self, what: str, reason: ReasonCode) -> ActionError:
        hint = f"Its reason: {reason}. See its access control list."
        return ActionError(f"the broker {self.broker.host} does not allow {what}", hint)

    def _unreachable(self, error: OSError | ValueError) -> ActionError:
        host, where = self.broker.host, f"{self.broker.host}:{self.broker.port}"
        if isinstance(error, TimeoutError):
            return ActionError(f"the broker {host} cannot be reached", f"{where} does not answer.")
        if isinstance(error, socket.gaierror | ValueError):
            hint = "No address is known of that name."
            return ActionError(f"the broker {host} cannot be found", hint)
        if isinstance(error, ssl.SSLError):
            hint = f"TLS failed at {where}: {error.reason}."
            return ActionError(f"the broker {host} cannot be trusted", hint)
        return ActionError(f"the broker {host} cannot be reached", f"{where}: {error.strerror}.")
