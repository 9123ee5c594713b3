"""``python -m pooling_client`` is the command ``pooling-client``."""

import sys

from ._cli import main

if __name__ == "__main__":
    sys.exit(main())
