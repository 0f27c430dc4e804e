"""Tell or not tell: the pure decision about one item for one chat."""

from dataclasses import dataclass

from watchbot.model.reason import Reason


@dataclass(frozen=True, slots=True)
class Facts:
    """What the decision looks at. `alerted` = this chat has an alert of the story; `told` = one under its keys."""

    baseline: bool
    alerted: bool
    told: bool


def decide(facts: Facts) -> Reason:
    """Say whether a chat is told of a matched item, and why."""
    if facts.baseline:
        return Reason.BASELINE
    if facts.alerted or facts.told:
        return Reason.ALREADY_TOLD
    return Reason.FIRST_REPORT
