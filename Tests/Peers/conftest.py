"""What became of the samples, in the report's last lines."""

import re
from collections import Counter

import pytest

_all = Counter()


class Outcomes(Counter):
    """Counts by what happened. A rejection passes only if the contract rejects on purpose what the peer computes."""

    ON_PURPOSE = {
        "empty_window": "a window without an element",
    }

    def reject(self, what, translation, error):
        sizes = [size for value in translation.fields.values() if hasattr(value, "shape") for size in value.shape]
        reason = self.ON_PURPOSE.get(error.code) or ("a size of 0" if 0 in sizes else None)
        if reason is None:
            raise AssertionError(f"{what}: {error}")
        self[f"rejected on purpose: {reason}"] += 1

    def read(self, report, library):
        """Takes over what another run of pytest counted."""
        for count, text in re.findall(r"^ *(\d+) (calls .*)$", report, re.MULTILINE):
            self[f"{library}: {text}"] += int(count)
        for count, text in re.findall(r"(\d+) (passed|failed|skipped)", report.splitlines()[-1] if report else ""):
            self[f"{library}: tests {text}"] += int(count)


@pytest.fixture
def outcomes():
    counts = Outcomes()
    yield counts
    _all.update(counts)


def pytest_terminal_summary(terminalreporter):
    for name, count in sorted(_all.items()):
        terminalreporter.write_line(f"{count:7} {name}")
