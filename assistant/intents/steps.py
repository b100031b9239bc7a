"""What an intent does, step by step, once read: programs, HTTP requests, MQTT messages, waiting.

The core does the steps that are built-in actions, and the bridge all others; ``Steps.parts`` tells
who does what. Slots stand as ``{name}`` in texts and trees, which ``placeholders`` fills.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeAlias

from assistant.errors import Place
from assistant.intents.model import BuiltinCall, Command, Data
from assistant.intents.placeholders import as_text
from assistant.values import Plain
from assistant.yamlsource import Text

IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE"})
"""Methods that come to the same when they are done twice (RFC 9110, section 9.2.2)."""

WAYS = ("bearer", "basic", "header", "query")
"""How a credential is sent with an HTTP request."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A secret by the name of its file, and how it is sent.

    ``key`` is the name of the header or of the part of the query, for these two ``way``s.
    """

    name: str
    way: str = "bearer"
    key: str = ""


@dataclass(frozen=True, slots=True)
class Values:
    """Values for replies, by name: the JMESPath expressions that find them in an answer."""

    paths: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Address:
    """Where an HTTP request goes. ``target`` is path and query, with ``{slots}``."""

    scheme: str
    host: str
    port: int
    target: str


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """An HTTP request. Of ``json``, ``form`` and ``body`` (plain text) at most one is there.

    ``json`` is a tuple of one tree, or empty. ``retries`` are further attempts.
    """

    method: str
    address: Address
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    json: tuple[Data, ...] = ()
    form: Mapping[str, str] | None = None
    body: str | None = None
    credential: Credential | None = None
    values: Values = Values()
    retries: int = 0


@dataclass(frozen=True, slots=True)
class Broker:
    """An MQTT broker, and the name of the credential it wants."""

    host: str = "localhost"
    port: int = 1883
    tls: bool = False
    credential: str | None = None


@dataclass(frozen=True, slots=True)
class MqttMessage:
    """An MQTT message to publish, the topic on which it is answered, or both.

    ``topic`` is '' where nothing is published; what the broker keeps for ``answer`` is the answer
    then. ``json`` is a tuple of one tree, or empty, and ``payload`` is sent where it is.
    ``broker`` is None for the one of the configuration.
    """

    topic: str = ""
    payload: str = ""
    json: tuple[Data, ...] = ()
    retain: bool = False
    qos: int = 1
    answer: str = ""
    values: Values = Values()
    broker: Broker | None = None


@dataclass(frozen=True, slots=True)
class Delay:
    """Nothing, for so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Condition:
    """What a slot has to be: one of ``values``, or anything said where there are none.

    ``negated`` turns it round.
    """

    slot: Text
    values: tuple[str, ...]
    negated: bool = False

    def holds(self, slots: Mapping[str, Plain]) -> bool:
        """Whether it is so with these slots."""
        value = slots.get(self.slot.text)
        said = value is not None and (not self.values or as_text(value) in self.values)
        return said is not self.negated


Deed: TypeAlias = BuiltinCall | Command | HttpRequest | MqttMessage | Delay


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, where all of ``conditions`` hold.

    ``sources`` are the texts with ``{slots}`` in them. ``timeout_seconds`` is None for the limit of
    the settings.
    """

    deed: Deed
    place: Place
    conditions: tuple[Condition, ...] = ()
    timeout_seconds: float | None = None
    sources: tuple[Text, ...] = ()

    def applies(self, slots: Mapping[str, Plain]) -> bool:
        """Whether it is to be done."""
        return all(condition.holds(slots) for condition in self.conditions)

    def limit_seconds(self, default_seconds: float) -> float:
        """How long it may take."""
        if isinstance(self.deed, Delay):
            return self.deed.seconds
        return default_seconds if self.timeout_seconds is None else self.timeout_seconds

    @property
    def values(self) -> tuple[str, ...]:
        """Names of the values that it gives to the reply."""
        match self.deed:
            case HttpRequest(values=values) | MqttMessage(values=values):
                return tuple(values.paths)
        return ()


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps in order; at most one of them is a built-in action."""

    steps: tuple[Step, ...]
    place: Place

    @property
    def builtin(self) -> Step | None:
        """The step that is a built-in action."""
        return next((step for step in self.steps if isinstance(step.deed, BuiltinCall)), None)

    @property
    def has_outside(self) -> bool:
        """Whether the bridge has something to do."""
        return any(not isinstance(step.deed, BuiltinCall) for step in self.steps)

    def parts(self) -> tuple[tuple[Step, ...], ...]:
        """Steps that are done in one go: a built-in action alone, and all those beside it."""
        groups = groupby(self.steps, lambda step: isinstance(step.deed, BuiltinCall))
        return tuple(tuple(steps) for _, steps in groups)

    def limit_seconds(self, part: int, default_seconds: float) -> float:
        """How long a part may take."""
        return sum(step.limit_seconds(default_seconds) for step in self.parts()[part])
