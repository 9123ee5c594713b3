"""`make abuse-test`: small hostile requests against the running server; what each costs is measured and judged."""

import argparse
import pathlib
import subprocess
import sys
import time

import rows
from judge import Allowance
from target import Target, binary
from trial import PATIENCE, Trial
from walk import Walk

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
FOLDER = REPOSITORY / ".build" / "abuse"
#: So small that accepted work is done at once; the default is about WORK_SECONDS of one core.
MAX_WORK = 50_000_000
WORK_SECONDS = 10.0


def noise(target: Target, seconds: float = 2.0) -> float:
    """How late `/healthz` is answered when nothing is asked: 99 of 100 times less than this."""
    began = time.monotonic()
    time.sleep(seconds)
    ordered = sorted(target.probe.latencies(began))
    return ordered[int(0.99 * (len(ordered) - 1))] if ordered else 0.0


def named_rows(options) -> Trial:
    """With the limits that the service has by default."""
    with Target() as target:
        allowance = Allowance(noise=noise(target), seconds=0.05)
        trial = Trial(target, allowance, FOLDER)
        for row in rows.tables():
            work = WORK_SECONDS if row.works else 0.0
            trial.run(
                row.case, accepted=row.accepted, check=row.check, patience=PATIENCE + work,
                allowance=Allowance(work, allowance.noise, allowance.seconds))
    return trial


def walk(options) -> Trial:
    """With small limits, so that what is accepted takes no time."""
    flags, began = ["--max-result", "16MiB", "--request-timeout", "5s"], time.monotonic()
    if "--max-work" in subprocess.run([binary(), "help", "serve"], capture_output=True, text=True).stdout:
        flags += ["--max-work", str(MAX_WORK)]
    with Target(*flags) as target:
        trial = Trial(target, Allowance(work=0.25, noise=noise(target)), FOLDER)
        walk = Walk(trial, options.seed)
        for part in (walk.core, walk.empty_batches):
            part()
            print(f"{part.__name__}: {trial.count} cases after {time.monotonic() - began:.0f} s", flush=True)
        walk.sampled(began + options.seconds)
    return trial


PARTS = {"rows": named_rows, "walk": walk}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120, help="for the walk; its core is always finished")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("parts", nargs="*", default=list(PARTS), choices=[*PARTS, []])
    options = parser.parse_args()
    failures = []
    for name in options.parts:
        began = time.monotonic()
        trial = PARTS[name](options)
        failures += trial.failures
        statuses = ", ".join(f"{count} × {status}" for status, count in sorted(trial.statuses.items()))
        print(f"{name}: {trial.count} cases in {time.monotonic() - began:.0f} s ({statuses}), "
              f"{len(trial.failures)} failures", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
