"""`make abuse-test`: small hostile requests against the running server; what each costs is measured and judged.

Each failure is printed with a line for the shell that repeats it. POOLING_SERVER says which program is tested.
"""

import argparse
import contextlib
import pathlib
import subprocess
import sys
import time

import abandoned
import low_memory
import rows
import stopping
from judge import Allowance
from operations import binary
from report import Hopeless, Report
from target import Target
from trial import PATIENCE, Trial
from walk import Walk

FOLDER = pathlib.Path(__file__).resolve().parents[2] / ".build" / "abuse"
#: So small that accepted work is done at once; the default is about WORK_SECONDS of one core.
MAX_WORK = 50_000_000
WORK_SECONDS = 10.0
#: What MAX_WORK may take.
WALK_WORK_SECONDS = 0.25


#: What is taken as noise where times are not judged.
UNTIMED_SECONDS = 45.0


def noise(target: Target, is_timed: bool, seconds: float = 2.0) -> float:
    """How late `/healthz` responds when nothing is asked: 99 of 100 times less than this."""
    if not is_timed:
        return UNTIMED_SECONDS
    began = time.monotonic()
    # The probe asks meanwhile.
    time.sleep(seconds)
    ordered = sorted(target.probe.latencies(began))
    return ordered[int(0.99 * (len(ordered) - 1))] if ordered else 0.0


#: So small that plans are soon over their part of it.
BUDGET = 64 << 20


def named_rows(report: Report, options):
    """With the limits that the service has by default, each in a process of its own, so that its memory is all seen."""
    with Target() as target:
        usual = noise(target, options.is_timed)
    for row in rows.tables():
        with Target() as target:
            ask_row(Trial(target, Allowance(noise=usual, seconds=0.05), report), row, usual)


def large_plans(report: Report, _):
    """With a small budget, each in a process of its own, which has freed nothing that it could take again; untimed."""
    for row in rows.plans(BUDGET):
        with Target("--memory-budget", str(BUDGET)) as target:
            trial = Trial(target, Allowance(noise=UNTIMED_SECONDS), report, repetitions=0)
            ask_row(trial, row, UNTIMED_SECONDS)


def ask_row(trial: Trial, row: rows.Row, usual: float):
    work = WORK_SECONDS if row.works else 0.0
    trial.run(
        row.case,
        accepted=row.accepted,
        check=row.check,
        patience=PATIENCE + work + usual,
        allowance=Allowance(work, usual, seconds=0.05),
    )


@contextlib.contextmanager
def walking(report: Report, options):
    """With small limits, so that what is accepted takes no time."""
    flags = ["--max-result", "16MiB", "--request-timeout", "5s"]
    if "--max-work" in subprocess.run([binary(), "help", "serve"], capture_output=True, text=True).stdout:
        flags += ["--max-work", str(MAX_WORK)]
    with Target(*flags) as target:
        yield Walk(Trial(target, Allowance(WALK_WORK_SECONDS, noise(target, options.is_timed)), report), options.seed)


def walk(report: Report, options):
    with walking(report, options) as steps:
        steps.core()
        steps.empty_batches()


def sample(report: Report, options):
    with walking(report, options) as steps:
        steps.sampled(time.monotonic() + options.seconds)


PARTS = {
    "rows": named_rows,
    "plans": large_plans,
    "walk": walk,
    "sample": sample,
    "low-memory": lambda report, _: low_memory.run(report),
    "abandoned": lambda report, _: abandoned.run(report),
    "stopping": lambda report, _: stopping.run(report),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="for what is sampled; all else is finished")
    parser.add_argument("--seed", type=int, default=1, help="of what is sampled")
    parser.add_argument(
        "--untimed", action="append", default=[], metavar="PART", help="judge the responses and the memory of this part"
    )
    parser.add_argument("parts", nargs="*", help=f"some of {', '.join(PARTS)}; otherwise all")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"unknown: {', '.join(unknown)}; the parts are {', '.join(PARTS)}")
    has_failed = False
    for name in options.parts or PARTS:
        report, began = Report(FOLDER), time.monotonic()
        options.is_timed = name not in options.untimed
        try:
            PARTS[name](report, options)
        except Hopeless:
            pass
        has_failed |= bool(report.failures)
        print(f"{name}: {report} in {time.monotonic() - began:.0f} s", flush=True)
    return 1 if has_failed else 0


if __name__ == "__main__":
    sys.exit(main())
