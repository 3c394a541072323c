"""What has just happened, told to whom it concerns: a higher app subscribes, a lower one announces.

Subscribers run in the announcer's transaction: what they write is kept or lost with the change itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

Subscriber = Callable[..., None]
_subscribers: dict[str, list[Subscriber]] = defaultdict(list)


def subscribe(what: str) -> Callable[[Subscriber], Subscriber]:
    """`@subscribe('customers.merged')`: call the function with the announcement's values. Twice is once."""

    def add(function: Subscriber) -> Subscriber:
        if function not in _subscribers[what]:
            _subscribers[what].append(function)
        return function

    return add


def announce(what: str, /, **values: Any) -> None:
    """Tell everybody who subscribed to `what`."""
    for function in _subscribers[what]:
        function(**values)
