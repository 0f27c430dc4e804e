"""Tell or not tell, as a table."""

import pytest

from watchbot.model.reason import Reason
from watchbot.stories.decide import Facts, decide
from watchbot.stories.verdict import Verdict

NEW, SAME, RELATED, DUPLICATE = Verdict.NEW, Verdict.SAME, Verdict.RELATED, Verdict.DUPLICATE


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (Facts(verdict=NEW), Reason.FIRST_REPORT),
        (Facts(verdict=SAME), Reason.FIRST_REPORT),
        (Facts(baseline=True, verdict=NEW), Reason.BASELINE),
        (Facts(told=True), Reason.ALREADY_TOLD),
        (Facts(alerted=True, verdict=SAME), Reason.NEW_SOURCE),
        (Facts(alerted=True, verdict=DUPLICATE), Reason.NEW_SOURCE),
        (Facts(alerted=True, verdict=RELATED), Reason.RELATED),
        (Facts(alerted=True, verdict=RELATED, follow_ups=2), Reason.RELATED),
        (Facts(alerted=True, verdict=RELATED, follow_ups=3), Reason.NEW_SOURCE),
        (Facts(alerted=True, verdict=SAME, new_watch=True), Reason.NEW_WATCH),
        (Facts(alerted=True, verdict=None), Reason.ALREADY_TOLD),
        (Facts(alerted=True, verdict=None, new_watch=True), Reason.NEW_WATCH),
        (Facts(alerted=True, verdict=SAME, loud_again="correction"), Reason.CORRECTION),
        (Facts(alerted=True, verdict=RELATED, loud_again="silence"), Reason.AFTER_SILENCE),
        (Facts(alerted=True, verdict=SAME, updates="off"), Reason.ALREADY_TOLD),
        (Facts(alerted=True, verdict=RELATED, updates="off", loud_again="silence"), Reason.ALREADY_TOLD),
        (Facts(alerted=True, verdict=RELATED, updates="off", loud_again="correction"), Reason.CORRECTION),
        (Facts(alerted=True, verdict=SAME, updates="off", new_watch=True), Reason.NEW_WATCH),
    ],
)
def test_decisions(facts: Facts, reason: Reason) -> None:
    assert decide(facts) is reason
