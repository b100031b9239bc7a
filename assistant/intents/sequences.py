"""Reads what an intent does: a built-in action, or steps of all kinds in order."""

from __future__ import annotations

from collections.abc import Collection

from assistant.intents.commands import read_command
from assistant.intents.messages import read_message
from assistant.intents.model import BuiltinCall, Command, placeholders
from assistant.intents.reading import Reader
from assistant.intents.requests import read_request
from assistant.intents.slottedtexts import SlottedReader
from assistant.intents.steps import Condition, Deed, Delay, Step, Steps
from assistant.yamlsource import Items, Node, Text, did_you_mean
from assistant.yamlsource import Mapping as MappingNode

KINDS = ("command", "http", "mqtt", "builtin", "delay_seconds")
STEP_KEYS = (*KINDS, "timeout_seconds", "speak_output", "when", "unless")
MAXIMUM_STEPS = 20
MAXIMUM_DELAY_SECONDS = 60.0
"""A turn lasts as long as its action; for more there are timers."""

ALONE = ("assistant.", "later.")
"""Built-in actions of these names are about the dialogue, and no step beside others."""


def read_action(
    reader: Reader, node: Node, builtin_actions: Collection[str]
) -> BuiltinCall | Steps | None:
    """Read the name of a built-in action, a step, or a list of steps."""
    if isinstance(node, Text):
        return _builtin(reader, node, builtin_actions)
    nodes = reader.items(node, "'action'") if isinstance(node, Items) else (node,)
    if len(nodes) > MAXIMUM_STEPS:
        reader.report(f"an action has at most {MAXIMUM_STEPS} steps", nodes[MAXIMUM_STEPS].place)
        nodes = nodes[:MAXIMUM_STEPS]
    read = [_step(reader, one, builtin_actions) for one in nodes]
    steps = Steps(tuple(step for step in read if step is not None), node.place)
    calls = [step.deed for step in steps.steps if isinstance(step.deed, BuiltinCall)]
    for call in calls[1:]:
        hint = "have sentences done one after the other with 'routine:'"
        reader.report("an action has one built-in action at most", call.place, hint)
    for call in calls:
        if call.name.startswith(ALONE) and call.name in builtin_actions:
            reader.report(f"'{call.name}' can only be an action by itself", call.place)
    return steps if steps.steps else None


def read_undo(
    reader: Reader, node: Node | None, builtin_actions: Collection[str]
) -> Steps | Text | None:
    """Read what takes it back: steps for the bridge, or the name of an intent that does."""
    if node is None:
        return None
    if isinstance(node, Text):
        return reader.text(node, "'undo'")
    steps = read_action(reader, node, builtin_actions)
    if not isinstance(steps, Steps):
        return None
    if steps.builtin is not None:
        reader.report("a built-in action is no part of 'undo'", steps.builtin.place)
    return steps


def _builtin(reader: Reader, node: Node, builtin_actions: Collection[str]) -> BuiltinCall | None:
    name = reader.text(node, "'action'")
    if name is None:
        return None
    if name.text not in builtin_actions:
        hint = did_you_mean(name.text, builtin_actions)
        hint = hint or "run a program of yours with 'action: {command: [program, argument]}'"
        reader.report(f"unknown action '{name.text}'", name.place, hint)
    return BuiltinCall(name.text, name.place)


def _step(reader: Reader, node: Node, builtin_actions: Collection[str]) -> Step | None:
    if isinstance(node, Text):
        call = _builtin(reader, node, builtin_actions)
        return Step(call, node.place) if call is not None else None
    mapping = reader.mapping(node, "'action'", STEP_KEYS)
    if mapping is None:
        return None
    found = [(key, value) for key in KINDS if (value := mapping.get(key)) is not None]
    if len(found) != 1:
        told = ", ".join(f"'{kind}'" for kind in KINDS[:-1])
        reader.report(f"an action has one of {told} and '{KINDS[-1]}'", mapping.place)
        return None
    slotted = SlottedReader(reader)
    conditions = (
        *_conditions(reader, mapping, "when", negated=False),
        *_conditions(reader, mapping, "unless", negated=True),
    )
    timeout = mapping.get("timeout_seconds")
    kind, _ = found[0]
    limit = reader.seconds(timeout, "'timeout_seconds'") if timeout is not None else None
    if timeout is not None and kind in {"builtin", "delay_seconds"}:
        reader.report(f"'{kind}' has no 'timeout_seconds'", timeout.place)
    if kind != "command" and (speak := mapping.get("speak_output")) is not None:
        reader.report("'speak_output' belongs to a 'command'", speak.place)
    deed = _deed(slotted, mapping, *found[0], builtin_actions)
    if deed is None:
        return None
    sources = tuple(text for text in slotted.sources if placeholders(text.text))
    return Step(deed, mapping.place, conditions, limit, sources)


def _deed(
    slotted: SlottedReader,
    mapping: MappingNode,
    kind: str,
    node: Node,
    builtin_actions: Collection[str],
) -> Deed | None:
    match kind:
        case "http":
            return read_request(slotted, node)
        case "mqtt":
            return read_message(slotted, node)
        case "builtin":
            return _builtin(slotted.reader, node, builtin_actions)
        case "delay_seconds":
            return _delay(slotted.reader, node)
    command: Command = read_command(slotted.reader, mapping, node)
    slotted.sources.extend(command.sources)
    return command


def _delay(reader: Reader, node: Node) -> Delay | None:
    seconds = reader.seconds(node, "'delay_seconds'")
    if seconds is not None and seconds > MAXIMUM_DELAY_SECONDS:
        message = f"'delay_seconds' is at most {MAXIMUM_DELAY_SECONDS:g}"
        reader.report(message, node.place, "for longer, a command of yours can do it")
        return None
    return Delay(seconds) if seconds is not None else None


def _conditions(
    reader: Reader, mapping: MappingNode, key: str, *, negated: bool
) -> list[Condition]:
    """Read conditions on slots: a value, several, or none for anything that was said."""
    found = []
    for slot, value in reader.any_pairs(mapping.get(key), f"'{key}'"):
        said_at_all = isinstance(value, Text) and value.empty
        texts = [] if said_at_all else reader.texts(value, f"a value of '{slot.text}'")
        found.append(Condition(slot, tuple(text.text for text in texts), negated))
    return found
