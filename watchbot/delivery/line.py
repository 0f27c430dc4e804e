"""How the line to the far side is, as the last calls found it: up, or down with a probe now and then."""

import logging
from collections.abc import Callable

from watchbot.model.alert import Outcome, Result
from watchbot.pipeline.deliver import OWN_LIMIT
from watchbot.ports.clock import Clock

log = logging.getLogger(__name__)

FIRST_PROBE = 1.0
LONGEST_PROBE = 60.0
LOST_IN_A_ROW = 3


class Line:
    """Down after one call that surely was not sent, or after several whose answers were lost in a row."""

    def __init__(self, clock: Clock, jitter: Callable[[], float]) -> None:
        """Up, as long as nothing else is known."""
        self._clock = clock
        self._jitter = jitter
        self._lost = 0
        self._failures = 0
        self._probe_at = 0.0
        self.down = False
        self.error = ""

    def heard(self, outcome: Outcome, probe: bool) -> None:
        """Learn from an outcome. Only a probe's failure makes the waits longer: many calls may fail at once."""
        if outcome.error == OWN_LIMIT:
            return  # nothing was called
        if outcome.result is Result.NOT_SENT:
            self._failed(outcome, probe)
        elif outcome.result is Result.UNCERTAIN:
            self._lost += 1
            if self.down or self._lost >= LOST_IN_A_ROW:
                self._failed(outcome, probe)
        else:
            self._answered()

    def may_probe(self) -> bool:
        """Whether it is time for the next try."""
        return self.probe_in() <= 0

    def try_soon(self) -> None:
        """The far side answered something else: the next try need not wait."""
        self._probe_at = min(self._probe_at, self._clock.monotonic())

    def probe_in(self) -> float:
        """Seconds until then."""
        return self._probe_at - self._clock.monotonic()

    def _failed(self, outcome: Outcome, probe: bool) -> None:
        """Down, or still down."""
        if self.down and not probe:
            return
        if not self.down:
            log.warning("cannot send: %s; trying again with one message at a time", outcome.error)
        self.down = True
        self.error = outcome.error
        wait = min(FIRST_PROBE * 2.0 ** min(self._failures, 16), LONGEST_PROBE)
        self._failures += 1
        self._probe_at = self._clock.monotonic() + wait * (1.0 + self._jitter() / 4.0)

    def _answered(self) -> None:
        """The far side answered, whatever it said."""
        if self.down:
            log.info("sending works again")
        self.down = False
        self.error = ""
        self._lost = 0
        self._failures = 0
