"""scipy.ndimage's own tests of its rank, extremum and morphology filters, computed through the service."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FILTERS = "minimum or maximum or rank or percentile or median or uniform"
MORPHOLOGY = "grey or gradient or laplace or tophat"


@pytest.mark.parametrize(
    ("module", "words"), [("test_filters", FILTERS), ("test_morphology", MORPHOLOGY)], ids=["filters", "morphology"])
def test_scipy(module, words, outcomes):
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "scipy_through_service", "-p", "no:cacheprovider", "--pyargs",
         f"scipy.ndimage.tests.{module}", "-k", words], cwd=HERE, capture_output=True, text=True)
    outcomes.read(run.stdout, "SciPy")
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-1000:]
