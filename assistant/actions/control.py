"""The assistant itself: stop, say that again, what did you hear, what can I say, yes and no."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.turn import ActionResult


def nothing_more() -> ActionResult:
    """Do nothing: that the turn began has already cut speech and ringing, and closed a question.

    So "yes" comes here only when nothing was asked.
    """
    return ActionResult()


def be_quiet() -> ActionResult:
    """Do nothing more, and expect nothing."""
    return ActionResult(closing=True)


def tell_heard(last_heard: str) -> ActionResult:
    """Give what was heard before as ``text``, understood or not; 'none' when nothing was."""
    return ActionResult(values={"text": last_heard}) if last_heard else ActionResult("none")


def repeat(last_reply: str) -> ActionResult:
    """Give the last reply again as ``text``; 'none' when nothing has been said."""
    return ActionResult(values={"text": last_reply}) if last_reply else ActionResult("none")


def tell_asked(last_asked: str) -> ActionResult:
    """Give what was asked before as ``text``; 'none' when nothing was."""
    return ActionResult(values={"text": last_asked}) if last_asked else ActionResult("none")


def help_with(examples: Sequence[str], groups: Sequence[str]) -> ActionResult:
    """Give ``examples`` of what somebody can say, and ``groups`` of what else there is.

    'group' where the examples are of one.
    """
    if not groups:
        return ActionResult("group", {"examples": list(examples)})
    return ActionResult(values={"examples": list(examples), "groups": list(groups)})
