"""The server's own figures, read without a package."""

from operations import Server, ask


def metric(server: Server, name: str) -> float:
    """The sum of the samples of `name`."""
    text = ask(server.metrics_port or server.port, "GET", "/metrics").body.decode()
    samples = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return sum(float(value) for key, value in samples if key.partition("{")[0] == name)
