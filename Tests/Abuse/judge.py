"""What a request may cost, and whether it did."""

import dataclasses
import json

#: Beyond what request and response justify.
SECONDS = 0.1
BYTES = 32 << 20
HEALTH_SECONDS = 0.05

#: What a justified byte may take: decoding, writing and reading it.
BYTES_PER_SECOND = 100e6
MEMORY_FACTOR = 1.25

CLEAN = {200, 400, 401, 404, 405, 406, 408, 411, 413, 414, 415, 417, 422, 429, 431, 501, 503, 504}


@dataclasses.dataclass(frozen=True)
class Allowance:
    """`work` is the time that accepted work may take, `noise` how late this machine responds when nothing is asked."""

    work: float = 0.0
    noise: float = 0.0
    seconds: float = SECONDS


def faults(cases, outcomes, allowance: Allowance, accepted=CLEAN) -> list[str]:
    """Why this must not happen, a sentence each; nothing where all is well. The cases were asked together."""
    found = []
    for outcome in outcomes:
        if outcome.failure:
            found.append(outcome.failure)
        elif outcome.status not in accepted:
            found.append(f"status {outcome.status}")
        elif outcome.status >= 400 and not _is_problem(outcome):
            found.append(f"status {outcome.status} without a problem document")
    if any(outcome.failure for outcome in outcomes):
        return found
    volume = sum(case.decoded + outcome.size for case, outcome in zip(cases, outcomes))
    seconds = max(outcome.seconds for outcome in outcomes)
    work = sum(allowance.work for outcome in outcomes if outcome.status == 200)
    noise = allowance.noise + outcomes[0].waited
    most = allowance.seconds + noise + work + volume / BYTES_PER_SECOND
    if seconds > most:
        found.append(f"took {seconds * 1e3:.0f} ms of at most {most * 1e3:.0f} ms")
    growth, room = outcomes[0].growth, memory_room(cases, outcomes)
    if growth > room:
        found.append(f"took {growth / 2**20:.0f} MiB of at most {room / 2**20:.0f} MiB")
    if outcomes[0].health > HEALTH_SECONDS + noise:
        found.append(f"/healthz took {outcomes[0].health * 1e3:.0f} ms meanwhile")
    return found


def memory_room(cases, outcomes) -> float:
    """Bytes that the cases may take together."""
    volume = sum(case.decoded + outcome.size for case, outcome in zip(cases, outcomes))
    return BYTES + MEMORY_FACTOR * volume + sum(case.reserved for case in cases)


def _is_problem(outcome) -> bool:
    """Our own rejections are problem documents; what libmicrohttpd rejects by itself has none."""
    if b"application/" not in outcome.head:
        return outcome.status in (400, 408, 413, 414, 417, 431, 501, 503)
    try:
        problem = json.loads(outcome.body)
    except ValueError:
        return False
    return isinstance(problem, dict) and problem.get("code") not in (None, "internal")
