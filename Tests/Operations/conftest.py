import pytest

from support.process import Server


@pytest.fixture
def serve():
    """Starts servers; whatever is still running is stopped after the test."""
    running = []

    def start(*flags, **options) -> Server:
        running.append(Server(*flags, **options))
        return running[-1]

    yield start
    for server in running:
        server.__exit__()
