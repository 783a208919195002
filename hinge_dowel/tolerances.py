"""The one home of every tolerance a verdict depends on: value, unit, source.

`--config FILE.toml` overrides any of them by name (see `load`). Numbers that describe the
estimator itself (sizes, rates, filter lengths) live beside the code that uses them.
"""

from __future__ import annotations

import dataclasses
import math
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hinge_dowel.errors import ConfigError


def _tolerance(value: float, unit: str, source: str) -> Any:
    return dataclasses.field(default=value, metadata={"unit": unit, "source": source})


@dataclass(frozen=True, slots=True)
class Tolerances:
    """Every limit, as a number in the unit its name ends with."""

    spinal_flexion_deg: float = _tolerance(
        18.0, "degrees", "placeholder: to be measured on virtual subjects and real clips"
    )


DEFAULT = Tolerances()


def load(path: Path) -> Tolerances:
    """Read tolerances from a TOML file of `name = number` lines.

    Names not given keep their defaults. Raises `ConfigError` for a file that cannot be read, is
    not TOML, holds an unknown name, or gives something that is not a finite number.
    """
    try:
        with path.open("rb") as file:
            given = tomllib.load(file)
    except OSError as error:
        raise ConfigError(
            f"Cannot read the tolerance file {path}: {error.strerror or error}."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not a TOML file: {error}.") from error
    known = [field.name for field in dataclasses.fields(Tolerances)]
    for name, value in given.items():
        if name not in known:
            raise ConfigError(f"{path}: unknown tolerance {name!r}; known are {', '.join(known)}.")
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ConfigError(f"{path}: {name} must be a number, not {value!r}.")
        if value < 0:
            raise ConfigError(f"{path}: {name} must not be negative, not {value!r}.")
    return dataclasses.replace(DEFAULT, **{name: float(value) for name, value in given.items()})
