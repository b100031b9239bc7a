"""The format that the control socket and the bridge speak: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from assistant.errors import AssistantError

LIMIT_BYTES = 64 * 1024
"""Longest line, its newline included; also asyncio's default limit of a stream."""


class WireError(AssistantError):
    """A line is not a message, or a message does not fit in a line."""

    code = "wire"
    exit_status = 76  # EX_PROTOCOL


def encode(message: Mapping[str, Any]) -> bytes:
    """Write a message as a line of ASCII, so that no character of it can end the line early.

    Raises WireError when the line would be longer than ``LIMIT_BYTES``, or when JSON cannot hold
    the message.
    """
    try:
        line = json.dumps(message, allow_nan=False, separators=(",", ":")).encode("ascii") + b"\n"
    except (TypeError, ValueError, RecursionError) as error:
        raise WireError(f"the message cannot be written as JSON: {error}") from error
    if len(line) > LIMIT_BYTES:
        raise WireError(f"the message has {len(line)} bytes, {LIMIT_BYTES} are the most")
    return line


def decode(line: bytes) -> dict[str, Any]:
    """Read a message from a line with its newline.

    Raises WireError when the line is too long, cut off, or not one JSON object in UTF-8.
    """
    if len(line) > LIMIT_BYTES:
        raise WireError(f"the message has {len(line)} bytes, {LIMIT_BYTES} are the most")
    if not line.endswith(b"\n"):
        raise WireError("the message was cut off before its end of line")
    try:
        message = json.loads(line.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise WireError(f"the message is not UTF-8 at byte {error.start}") from error
    except json.JSONDecodeError as error:
        raise WireError(
            f"the message is not JSON: {error.msg} at character {error.pos + 1}"
        ) from error
    except RecursionError as error:
        raise WireError("the message is not JSON: it is nested too deeply") from error
    except ValueError as error:  # a constant refused below, or a number of thousands of digits
        raise WireError(f"the message is not JSON: {error}") from error
    if not isinstance(message, dict):
        raise WireError("the message is not a JSON object")
    return message


def _refuse_constant(name: str) -> None:
    """Refuse NaN and Infinity, which Python reads but JSON (RFC 8259, section 6) does not know."""
    raise ValueError(f"{name} is not a number")
