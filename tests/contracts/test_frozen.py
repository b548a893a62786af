"""Rules are pure functions on frozen values: no dataclass of these rooms can be changed."""

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import is_dataclass
from types import ModuleType
from typing import Any

import pytest

import crypto
import service.client.trust
import service.domain

ROOMS = (crypto, service.domain, service.client.trust)


def dataclasses_of(room: ModuleType) -> Iterator[Any]:
    for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
        module = importlib.import_module(found.name)
        for value in vars(module).values():
            here = getattr(value, "__module__", "") == module.__name__
            if here and isinstance(value, type) and is_dataclass(value):
                yield value


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.__name__)
def test_every_value_is_frozen(room: ModuleType) -> None:
    found = list(dataclasses_of(room))
    assert len(found) > 10
    changeable = [
        f"{one.__module__}.{one.__name__}" for one in found if not one.__dataclass_params__.frozen
    ]
    assert changeable == []
