"""Does the steps of the owner that need a program or the network. Used by the bridge."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from assistant.actions.command import CommandSpec, run_command
from assistant.actions.credentials import Credentials
from assistant.actions.http import send_request
from assistant.actions.mqtt import exchange_message
from assistant.errors import ActionError
from assistant.intents.jsonpaths import Value
from assistant.intents.model import BuiltinCall, Command
from assistant.intents.steps import Broker, Delay, HttpRequest, MqttMessage, Step
from assistant.turn import ActionResult
from assistant.values import Plain

VALUES_CHARACTERS = 20_000
"""Of all values together, as JSON in ASCII, so that they fit in a line of ``wire``."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was understood: the intent, its slots as texts and numbers, and the words."""

    intent: str
    slots: Mapping[str, Plain]
    text: str


@dataclass(frozen=True, slots=True)
class Equipment:
    """What steps need besides what was said.

    ``timeout_seconds`` is the limit of a step that names none, and ``broker`` the one of MQTT.
    """

    timeout_seconds: float = 10.0
    broker: Broker = field(default_factory=Broker)
    credentials: Credentials = field(default_factory=Credentials)


async def do_outside(steps: Iterable[Step], said: Said, equipment: Equipment) -> ActionResult:
    """Do steps one after the other, as far as their conditions hold; the first that fails ends it.

    The result has what programs said to be spoken, and the values of all steps. Raises ActionError.
    """
    speech: list[str] = []
    values: dict[str, Value] = {}
    for step in steps:
        if not step.applies(said.slots):
            continue
        limit = step.limit_seconds(equipment.timeout_seconds)
        match step.deed:
            case Delay(seconds):
                await asyncio.sleep(seconds)
            case Command() as command:
                spec = CommandSpec(command.argv, limit, command.speak_output)
                result = await run_command(spec, said.intent, said.slots, said.text)
                speech += [result.speech] if result.speech else []
            case HttpRequest() | MqttMessage() as deed:
                with _told_with(step):
                    values |= await _over_the_network(deed, said, equipment, limit)
            case BuiltinCall(name):
                raise ActionError(f"the bridge cannot do '{name}'", "The core does.")
    if len(json.dumps(values)) > VALUES_CHARACTERS:
        raise ActionError("the answers are too long to be said")
    return ActionResult(speech="\n".join(speech), values=values)


async def _over_the_network(
    deed: HttpRequest | MqttMessage, said: Said, equipment: Equipment, limit: float
) -> dict[str, Value]:
    secrets = equipment.credentials
    if isinstance(deed, HttpRequest):
        return await send_request(deed, said.slots, secrets, limit)
    return await exchange_message(deed, said.slots, equipment.broker, secrets, limit)


@contextlib.contextmanager
def _told_with(step: Step) -> Iterator[None]:
    """Tell an error with the place where the step is written."""
    try:
        yield
    except ActionError as error:
        place = f"It is the step at {step.place}."
        raise ActionError(error.message, f"{error.hint} {place}".strip()) from error
