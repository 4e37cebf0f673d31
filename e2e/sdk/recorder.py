"""Remembers which public methods of the SDK were called."""
from __future__ import annotations

import functools
import inspect

from tinker import APIFuture, SamplingClient, ServiceClient, TrainingClient
from tinker.lib.public_interfaces.api_future import AwaitableConcurrentFuture
from tinker.lib.public_interfaces.rest_client import RestClient

#: The classes of the SDK's public surface, by the name they have in docs/sdk-support.md.
SURFACE = {
    "ServiceClient": ServiceClient,
    "TrainingClient": TrainingClient,
    "SamplingClient": SamplingClient,
    "RestClient": RestClient,
    "APIFuture": APIFuture,
}

called: set[str] = set()


def public_methods(owner: type) -> list[str]:
    """Every method that a user may call on a class, inherited ones included."""
    return [name for name, _ in inspect.getmembers(owner, callable) if not name.startswith("_")]


def install() -> None:
    """Wraps every public method once, so that `called` fills with `Class.method`."""
    for class_name, owner in SURFACE.items():
        # The abstract future's methods are replaced in the class that the SDK hands out.
        target = AwaitableConcurrentFuture if owner is APIFuture else owner
        for name in public_methods(owner):
            raw = inspect.getattr_static(target, name)
            wrapped = _recorded(f"{class_name}.{name}", getattr(raw, "__func__", raw))
            setattr(target, name, staticmethod(wrapped) if isinstance(raw, staticmethod) else wrapped)


def _recorded(label: str, method):
    @functools.wraps(method)
    def wrapper(*args, **kwargs):
        called.add(label)
        return method(*args, **kwargs)

    return wrapper
