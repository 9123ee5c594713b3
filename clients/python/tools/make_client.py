"""Makes ``_client.py`` from ``_async_client.py``: the same calls, without asyncio.

    python tools/make_client.py             # writes it
    python tools/make_client.py --check     # fails if it is not up to date
"""

import re
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "pooling_client"
SOURCE, TARGET = PACKAGE / "_async_client.py", PACKAGE / "_client.py"
REPLACEMENTS = [
    (r'^"""The client for asyncio\..*"""$', '"""The client. Made from ``_async_client.py`` by ``tools/make_client.py``."""'),
    (r"^import asyncio\nimport contextlib\n", "import contextlib\nimport time\n"),
    (r"Calls the service and awaits the response\. Close it, or use it in ``async with``\.",
     "Calls the service and waits for the response. Close it, or use it in ``with``; threads may share one."),
    (r"\(await ([a-z_.]+\(.*?\))\)(?=\.)", r"\1"),
    (r"\bawait asyncio\.sleep\b", "time.sleep"),
    (r"\basync (def|with) ", r"\1 "),
    (r"\bawait ", ""),
    (r"\bAsync(PoolingClient|Client|BaseTransport|HTTPTransport)\b", r"\1"),
    (r"\b__a(enter|exit)__\b", r"__\1__"),
    (r"\baclose\b", "close"),
]


def made() -> str:
    text = SOURCE.read_text(encoding="utf-8")
    for pattern, replacement in REPLACEMENTS:
        text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
    return text


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        is_current = TARGET.read_text(encoding="utf-8") == made()
        sys.exit(0 if is_current else f"{TARGET} is not up to date; run python {sys.argv[0]}")
    TARGET.write_text(made(), encoding="utf-8")
