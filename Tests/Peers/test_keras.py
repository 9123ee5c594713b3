"""Keras' own tests of its pooling layers, computed through the service."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def test_keras(outcomes):
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "keras_through_service", "-p", "no:cacheprovider", "--pyargs",
         "keras.src.layers.pooling"], cwd=HERE, capture_output=True, text=True,
        env=os.environ | {"KERAS_BACKEND": "torch"})
    outcomes.read(run.stdout, "Keras")
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-1000:]
