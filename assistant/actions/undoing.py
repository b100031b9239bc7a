"""Taking back what an action did."""

from __future__ import annotations

from collections.abc import Callable

from assistant.errors import ActionError, StateError
from assistant.turn import Undo


def takes_back(do: Callable[[], object]) -> Undo:
    """Return what takes it back by calling ``do``, which may raise StateError."""

    async def undo() -> None:
        try:
            do()
        except StateError as error:
            raise ActionError(error.message, error.hint) from error

    return undo
