"""Tell or not tell: the pure decision about one item for one chat."""

from dataclasses import dataclass

from watchbot.model.reason import Reason
from watchbot.stories.verdict import Verdict

FOLLOW_UPS = 3  # quiet replies a story and chat; what comes after is named in the first message


@dataclass(frozen=True, slots=True)
class Facts:
    """What the decision looks at.

    `alerted`: the chat has an alert of the story. `told`: something under the item's keys was told to it.
    `verdict`: the placer's, None for a known item that was edited or carried by a further source.
    `new_watch`: a watch matches that none of the chat's alerts of the story names. `loud_again`: `correction`,
    `silence` or "". `updates`: silent, loud or off. `follow_ups`: quiet replies sent so far. `old`: published too long
    before its feed last answered.
    """

    baseline: bool = False
    alerted: bool = False
    told: bool = False
    verdict: Verdict | None = None
    new_watch: bool = False
    loud_again: str = ""
    updates: str = "silent"
    follow_ups: int = 0
    old: bool = False


def decide(facts: Facts) -> Reason:
    """Say whether a chat is told of a matched item, and why."""
    if facts.baseline:
        return Reason.BASELINE
    if not facts.alerted:
        if facts.told:
            return Reason.ALREADY_TOLD
        return Reason.TOO_OLD if facts.old else Reason.FIRST_REPORT
    if facts.new_watch:
        return Reason.NEW_WATCH
    if facts.verdict is None:
        return Reason.ALREADY_TOLD
    if facts.loud_again == "correction":
        return Reason.CORRECTION
    if facts.updates == "off":
        return Reason.ALREADY_TOLD
    if facts.loud_again == "silence":
        return Reason.AFTER_SILENCE
    if facts.verdict is Verdict.RELATED and facts.follow_ups < FOLLOW_UPS:
        return Reason.RELATED
    return Reason.NEW_SOURCE
