"""The pooling layers in pooling-layers.csv."""

import csv
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Layer:
    name: str
    op: str
    batch: int
    channels: int
    input: tuple
    kernel: tuple
    stride: tuple
    before: tuple
    after: tuple
    output: tuple

    @property
    def dims(self):
        return len(self.kernel)

    @property
    def is_global(self):
        return self.kernel == self.input and not any(self.before + self.after)

    @property
    def input_shape(self):
        return (self.batch, self.channels, *self.input)

    @property
    def output_shape(self):
        return (self.batch, self.channels, *self.output)

    def with_batch_divided(self, divisor):
        return replace(self, batch=max(self.batch // divisor, 1))


def read_layers(path):
    def sizes(text):
        return tuple(int(size) for size in text.split("x"))

    def layer(row):
        pads = [pair.split(":") for pair in row["padding"].split()]
        return Layer(
            name=row["name"], op=row["op"], batch=int(row["batch"]), channels=int(row["channels"]),
            input=sizes(row["input"]), kernel=sizes(row["kernel"]), stride=sizes(row["stride"]),
            before=tuple(int(pair[0]) for pair in pads), after=tuple(int(pair[1]) for pair in pads),
            output=sizes(row["output"]))

    with open(path, newline="") as file:
        return [layer(row) for row in csv.DictReader(file)]
