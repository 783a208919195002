"""Converts dataclasses to plain values for JSON and back: verdicts, jobs, outcomes."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np

from hinge_dowel.verdict import Series

T = TypeVar("T")


def plain(value: Any) -> Any:
    """Convert a dataclass to plain values for JSON, numbers unrounded, NaN as None, no series."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            f.name: plain(getattr(value, f.name))
            for f in dataclasses.fields(value)
            if not isinstance(getattr(value, f.name), Series)
        }
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def built(kind: type[T], data: Mapping[str, Any], *, tolerant: bool = False) -> T:
    """Return the dataclass that `plain` or its own `to_dict` made `data` of.

    Missing fields take their defaults. `tolerant`: so do those that are None, and what is no field
    is left out, as entries were stored by other versions, and `to_dict` adds what it derives.
    Raises `ValueError` for anything else.
    """
    try:
        made: T = _built(kind, data, tolerant)
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise ValueError(f"not a {kind.__name__.lower()}: {error}") from error
    return made


def _built(kind: Any, data: Mapping[str, Any], tolerant: bool) -> Any:
    hints = _hints(kind)
    if tolerant:
        data = {n: value for n, value in data.items() if value is not None and n in hints}
    elif others := sorted(data.keys() - hints.keys()):
        raise KeyError(f"unknown {others}")
    return kind(**{name: _typed(hints[name], value, tolerant) for name, value in data.items()})


def _typed(hint: Any, value: Any, tolerant: bool) -> Any:
    """Convert a plain value to its field's type: dataclasses built, lists made tuples."""
    if not isinstance(value, dict | list | str):
        return value
    kinds = _kinds(hint)
    for kind, origin, inner in kinds:
        if isinstance(value, dict) and dataclasses.is_dataclass(kind):
            return _built(kind, value, tolerant)
        if isinstance(value, dict) and origin is Mapping:
            return {key: _typed(inner[1], item, tolerant) for key, item in value.items()}
        if isinstance(value, list) and origin is tuple:
            each = inner[:1] * len(value) if inner[-1] is Ellipsis else inner
            return tuple(_typed(*pair, tolerant) for pair in zip(each, value, strict=True))
    if isinstance(value, str) and any(kind is Path for kind, *_ in kinds):
        of_word = any(kind is str or value in words for kind, _, words in kinds)
        return value if of_word else Path(value)
    return value


# Kept, as a history has thousands of repetitions of the same type.
@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


@cache
def _kinds(hint: Any) -> list[tuple[Any, Any, tuple[Any, ...]]]:
    """Return the types that a hint allows, each with its origin and its arguments."""
    kinds = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    return [(kind, get_origin(kind), get_args(kind)) for kind in kinds]
