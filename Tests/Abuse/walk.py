"""In which order, and in which formats, the mutations are asked."""

import dataclasses
import itertools
import json
import time

import mutations
from arrays import Array
from case import FORMATS, Case, compressed, request
from mutations import Base, Catalogue
from trial import Trial

#: Of the plain requests of this op every mutation is asked, backward one in a few; of all other requests one in many.
WHOLE = "max"
FEW, MANY = 4, 97
CODINGS = ("gzip", "deflate", "zstd")


class Walk:
    def __init__(self, trial: Trial, seed: int):
        self.trial, self.seed = trial, seed
        self.catalogue = Catalogue(json.loads(self._get("/v1/operations").body))
        self.bases = list(self._bases())

    def _get(self, path: str):
        return self.trial.run(Case(path, path, None, method="GET"))[0]

    def _bases(self):
        """What is right before it is changed, at each endpoint. An unknown region may begin with what is not right."""
        for base in (*self.catalogue.bases(), *self.catalogue.others()):
            outcome = self._ask(base.name, base, base.fields)
            if outcome.status == 200:
                yield from mutations.at_endpoints(base, json.loads(outcome.body), self.catalogue)
            else:
                region = self.catalogue.regions[base.fields["region"]]
                rejected = {entry["op"] for entry in region["refuses"]}
                if base.fields["region"] in mutations.REGIONS and base.fields["op"] not in rejected:
                    self.trial.report.fail(
                        f"{base.name}: {outcome.status}, and it should be right: {outcome.body[:200]}"
                    )
                yield base
        yield from mutations.unpools(self.catalogue)
        yield from mutations.stacks(self.catalogue)

    def _ask(self, name, base: Base, fields, format="nested"):
        case = request(f"{name} at {base.endpoint}", base.endpoint, fields, format)
        case = case or request(f"{name} at {base.endpoint}", base.endpoint, fields)
        return self.trial.run(case)[0]

    def core(self):
        """Always the same: each thing changed alone."""
        turn = itertools.count()
        for number, base in enumerate(self.bases):
            is_whole = base.is_plain and base.fields.get("op", WHOLE) == WHOLE
            stride = MANY if not is_whole else FEW if base.endpoint == "backward" else 1
            for position, (label, fields) in enumerate(mutations.mutations(base)):
                if (position + number) % stride == 0:
                    self._ask(f"{base.name}, {label}", base, fields, FORMATS[next(turn) % len(FORMATS)])

    def empty_batches(self):
        """An empty batch of whatever shape the service says comes out: it must cost nothing."""
        for base in self.bases:
            shape = base.fields.get("input_shape")
            if base.endpoint != "shape" or not shape or "layers" in base.fields or base.fields["op"] != WHOLE:
                continue
            for label, fields in mutations.mutations(base):
                fields = (
                    {**fields, "input_shape": [0, *fields["input_shape"][1:]]}
                    if isinstance(fields.get("input_shape"), list)
                    else fields
                )
                outcome = self._ask(f"{base.name}, empty, {label}", base, fields)
                if outcome.status != 200 or outcome.size > 100_000:
                    continue
                output = json.loads(outcome.body).get("output_shape")
                if output and fields["input_shape"] and fields["input_shape"][0] == 0:
                    self._follow(f"{base.name}, empty, {label}", base, fields, tuple(output))

    def _follow(self, name, base, fields, output):
        rest = {key: item for key, item in fields.items() if key != "input_shape"}
        nothing = Array(tuple(fields["input_shape"]), ())
        samples = {"random_samples": Array((0, 2, 2), ())} if rest.get("region") == "fractional" else {}
        self._ask(name, dataclasses.replace(base, endpoint="forward"), {**rest, **samples, "input": nothing})
        self._ask(
            name,
            dataclasses.replace(base, endpoint="backward"),
            {**rest, **samples, "input": nothing, "grad_output": Array(output, ())},
        )

    def sampled(self, until: float):
        """Several things changed at once; each tenth also compressed, each tenth with the one before."""
        before = None
        for turn, (name, base, fields, format) in enumerate(mutations.samples(self.bases, self.seed)):
            if time.monotonic() > until:
                return
            case = request(name, base.endpoint, fields, format) or request(name, base.endpoint, fields)
            if turn % 10 == 3:
                case = compressed(case, CODINGS[turn // 10 % 3])
            if turn % 10 == 7 and before:
                self.trial.run(before, case)
            else:
                self.trial.run(case)
            before = case
