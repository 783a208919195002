"""The command that lists the limits."""

from __future__ import annotations

import tomllib

import pytest

from hinge_dowel import tolerances

NAMES = list(tolerances.Tolerances.__dataclass_fields__)


def test_the_file_holds_every_default(program, tmp_path):
    status, out, err = program("tolerances", "--toml")
    assert (status, err) == (0, "")
    mine = tmp_path / "mine.toml"
    mine.write_text(out)
    assert tolerances.load(mine) == tolerances.DEFAULT
    assert list(tomllib.loads(out)) == NAMES


@pytest.mark.parametrize("columns", [80, 60])
def test_the_list_fits_the_screen(program, columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    status, out, err = program("tolerances")
    assert (status, err) == (0, "")
    assert all(len(line) <= columns for line in out.splitlines())
    assert all(f"{name} " in out for name in NAMES)
