"""The server's own figures, read as Prometheus reads them."""

from prometheus_client.parser import text_string_to_metric_families

from .http import ask


def scrape(address, **headers) -> dict[str, float]:
    """Every sample, as `name{label="value",…}` in the order of the exposition."""
    text = ask(address, "GET", "/metrics", **headers).body.decode()
    samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f'{name}="{value}"' for name, value in sample.labels.items())
            samples[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return samples


def total(samples: dict[str, float], name: str, *parts: str) -> float:
    """The sum of all samples of `name` whose labels contain each of `parts`."""
    return sum(
        value for key, value in samples.items()
        if key.partition("{")[0] == name and all(part in key for part in parts))
