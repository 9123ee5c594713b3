"""Asks, judges, and asks again where something is suspicious."""

import time

from case import Case
from judge import CLEAN, Allowance, faults, memory_room
from report import Report
from target import Target

#: Beyond this nobody waits: it is no longer a matter of the machine's noise.
PATIENCE = 5.0
#: How often a suspicious case is asked again, alone, before it counts.
REPETITIONS = 2


class Trial:
    def __init__(self, target: Target, allowance: Allowance, report: Report, repetitions: int = REPETITIONS):
        self.target, self.allowance, self.report = target, allowance, report
        self.repetitions = repetitions

    def run(self, *cases: Case, accepted=CLEAN, allowance: Allowance | None = None, patience=PATIENCE, check=None):
        """The outcomes of the last repetition; `check` gives what is wrong with the first, where it is a 200."""
        for attempt in range(1 + self.repetitions):
            outcomes = self.target.ask(cases, patience, counts_waiting=attempt > 0)
            found = faults(cases, outcomes, allowance or self.allowance, accepted)
            if check and outcomes[0].status == 200 and (wrong := check(outcomes[0])):
                found.append(wrong)
            has_failed = any(outcome.failure for outcome in outcomes)
            if not found or has_failed:
                break
            if outcomes[0].growth > memory_room(cases, outcomes):
                # The same process would take again the memory that it has freed, and seem to need none.
                self.target.start()
            else:
                self._calm_down()
        for outcome in outcomes:
            self.report.saw(outcome)
        if has_failed:
            # The process has died, or is busy with what it should not have begun.
            self.target.start()
        if found:
            names = " together with ".join(case.name for case in cases)
            lines = " & ".join(case.curl(self.report.folder) for case in cases)
            self.report.fail(f"{names}: {'; '.join(dict.fromkeys(found))}\n    {lines}")
        return outcomes

    def _calm_down(self):
        """Waits until the server does nothing, so that the repetition is alone."""
        end = time.monotonic() + 2
        while time.monotonic() < end:
            before, now = self.target.server.processor_seconds, time.monotonic()
            time.sleep(0.05)
            if self.target.server.processor_seconds - before <= 0.5 * (time.monotonic() - now):
                return
        self.target.start()
