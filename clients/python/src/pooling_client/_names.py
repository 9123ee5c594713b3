"""The names of arguments, and what to say about one that does not exist."""

from __future__ import annotations

import difflib
import functools
import inspect
from collections.abc import Callable, Collection
from typing import Any, ParamSpec, TypeVar, cast

from ._errors import UnknownArgument

P = ParamSpec("P")
Returned = TypeVar("Returned")
#: What other frameworks call the arguments; the service has a longer list for its fields.
_WORDS = {
    "kernel_size": "kernel", "kernel_shape": "kernel", "ksize": "kernel", "pool_size": "kernel", "window": "kernel",
    "window_size": "kernel", "size": "kernel", "strides": "stride", "pad": "padding", "pads": "padding", "dilations": "dilation",
    "rate": "dilation", "ceil": "ceil_mode", "data_format": "layout", "channels_last": "layout", "return_mask": "return_indices",
    "axis": "axes", "dim": "axes", "x": "input", "boxes": "rois", "attention_mask": "mask", "norm_type": "p",
    "timeout": "deadline",
}


def check(name: str, known: Collection[str], call: str) -> None:
    """Rejects a keyword that the call does not have.

    Raises:
        UnknownArgument: it is not one of ``known``.
    """
    if name in known:
        return
    word = _WORDS.get(name.lower())
    if word not in known:
        word = next(iter(difflib.get_close_matches(name.lower(), known, 1, 0.75)), None)
    raise UnknownArgument(f"{call} has no argument {name!r}" + (f"; did you mean {word!r}?" if word else ""))


def checked(method: Callable[P, Returned]) -> Callable[P, Returned]:
    """The method, with an error of this package for a keyword that it does not have."""
    known = inspect.signature(method).parameters

    def check_all(keywords: Collection[str]) -> None:
        for name in keywords:
            check(name, known, method.__name__)

    @functools.wraps(method)
    def call(*arguments: P.args, **keywords: P.kwargs) -> Returned:
        check_all(keywords)
        return method(*arguments, **keywords)

    @functools.wraps(method)
    async def call_later(*arguments: P.args, **keywords: P.kwargs) -> Any:
        check_all(keywords)
        return await cast(Any, method(*arguments, **keywords))

    return cast(Callable[P, Returned], call_later) if inspect.iscoroutinefunction(method) else call


def keywords(method: Callable[..., Any]) -> list[str]:
    """The keywords that a method has."""
    return [name for name in inspect.signature(method).parameters if name != "self"]
