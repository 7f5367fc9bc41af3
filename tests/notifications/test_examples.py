"""The examples in the docstrings of `notifications` do what they show."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

import notifications

MODULES = sorted(file.stem for file in Path(notifications.__file__).parent.glob("*.py") if file.stem != "__init__")


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    assert doctest.testmod(import_module(f"notifications.{name}")).failed == 0
