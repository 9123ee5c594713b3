"""What was asked and what went wrong, for all parts of a run."""

import collections
import pathlib

#: So many failures of one part say enough.
ENOUGH = 100


class Hopeless(Exception):
    """More failures than anybody reads."""


class Report:
    def __init__(self, folder: pathlib.Path):
        """`folder` takes the bodies of requests that a line cannot show."""
        self.folder = folder
        self.count = 0
        self.statuses: collections.Counter[int] = collections.Counter()
        self.failures: list[str] = []

    def saw(self, outcome):
        self.count += 1
        self.statuses[outcome.status] += 1

    def fail(self, text: str):
        self.failures.append(text)
        print("FAILED", text, flush=True)
        if len(self.failures) == ENOUGH:
            raise Hopeless

    def expect(self, condition, text: str):
        if not condition:
            self.fail(text)

    def __str__(self):
        statuses = ", ".join(f"{count} × {status or 'nothing'}" for status, count in sorted(self.statuses.items()))
        rest = "; the rest was not asked" if len(self.failures) == ENOUGH else ""
        return f"{self.count} requests ({statuses}), {len(self.failures)} failures{rest}"
