"""Asks, judges, asks again where something is suspicious, and collects what was wrong."""

import pathlib
import time

from case import Case
from judge import CLEAN, Allowance, faults
from target import Target

#: Beyond this nobody waits: it is no longer a matter of the machine's noise.
PATIENCE = 5.0
#: How often a suspicious case is asked again, alone, before it counts.
REPETITIONS = 2
#: So many failures say enough.
ENOUGH = 100


class Hopeless(Exception):
    """More failures than anybody reads."""


class Trial:
    def __init__(self, target: Target, allowance: Allowance, folder: pathlib.Path):
        self.target, self.allowance, self.folder = target, allowance, folder
        self.count = 0
        self.statuses: dict[int, int] = {}
        self.failures: list[str] = []

    def run(self, *cases: Case, accepted=CLEAN, allowance: Allowance | None = None, patience=PATIENCE, check=None):
        """The outcomes; what is wrong with them at each repetition is remembered as a failure."""
        self.count += len(cases)
        for attempt in range(1 + REPETITIONS):
            outcomes = self.target.ask(cases, patience)
            found = faults(cases, outcomes, allowance or self.allowance, accepted)
            if check and not found and outcomes[0].status == 200 and (wrong := check(outcomes[0])):
                found = [wrong]
            if not found:
                break
            if any(outcome.failure for outcome in outcomes):
                break
            self._calm_down()
        for outcome in outcomes:
            self.statuses[outcome.status] = self.statuses.get(outcome.status, 0) + 1
        if found:
            self._report(cases, found)
        if any(outcome.failure for outcome in outcomes):
            # The process has died, or is busy with what it should not have begun.
            self.target.start()
        return outcomes

    def _report(self, cases, found):
        names = " together with ".join(case.name for case in cases)
        lines = " & ".join(case.curl(self.folder) for case in cases)
        self.fail(f"{names}: {'; '.join(dict.fromkeys(found))}\n    {lines}")

    def fail(self, text: str):
        self.failures.append(text)
        print("FAILED", text, flush=True)
        if len(self.failures) == ENOUGH:
            raise Hopeless(f"{ENOUGH} failures; the rest is not asked")

    def _calm_down(self):
        """Waits until the server does nothing, so that the repetition is alone."""
        end = time.monotonic() + 2
        while time.monotonic() < end:
            before, now = self.target.server.processor_seconds, time.monotonic()
            time.sleep(0.05)
            if self.target.server.processor_seconds - before <= 0.5 * (time.monotonic() - now):
                return
        self.target.start()
