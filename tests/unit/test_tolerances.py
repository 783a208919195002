"""Tolerances: what they may be, and the file that sets them."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

from hinge_dowel import tolerances
from hinge_dowel.errors import ConfigError
from hinge_dowel.tolerances import DEFAULT, Tolerances


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"stature_cm": 1.8}, "stature_cm must lie between 50 and 260 cm, not 1.8"),
        ({"spinal_flexion_deg": 400}, "spinal_flexion_deg must lie between 0 and 180 degrees"),
        ({"too_fast_s": -1}, "too_fast_s must not be negative"),
        ({"seen_share": np.nan}, "seen_share must be a number"),
        ({"end_stray_cm": "4"}, "end_stray_cm must be a number"),
        ({"end_stray_cm": True}, "end_stray_cm must be a number"),
        ({"end_stray_cm": 10**400}, "end_stray_cm must be a number"),
    ],
)
def test_tolerances_that_cannot_be(given, told):
    with pytest.raises(ValueError, match=f"^{told}"):
        Tolerances(**given)


def test_numbers_of_numpy_are_numbers():
    assert Tolerances(stature_cm=np.float32(180), too_fast_s=np.int64(2)).stature_cm == 180


@pytest.mark.parametrize("field", dataclasses.fields(tolerances.Tolerances), ids=lambda f: f.name)
def test_every_tolerance_says_its_unit_and_where_it_comes_from(field):
    endings = {"degrees": "_deg", "cm": "_cm", "s": "_s", "share": "_share"}
    endings |= {"pictures/s": "_hz", "grey levels": "_level", "ratio": "_ratio"}
    endings |= {"cm for 10 degrees": "_cm_per_10_deg"}
    assert field.name.endswith(endings[field.metadata["unit"]])
    assert len(field.metadata["source"].split()) >= 2
    assert field.type == "float"
    assert field.default > 0


def test_a_source_that_names_another_tolerance_names_one_that_exists():
    names = {field.name for field in dataclasses.fields(tolerances.Tolerances)}
    for field in dataclasses.fields(tolerances.Tolerances):
        named = set(re.findall(r"\b[a-z_]+_(?:deg|cm|s|share)\b", field.metadata["source"]))
        assert named <= names


# -- the file ------------------------------------------------------------------------------------


def loaded(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return tolerances.load(path)


def test_a_file_changes_what_it_names_and_nothing_else(tmp_path):
    found = loaded(tmp_path, "# stricter\nspinal_flexion_deg = 12\nstature_cm = 181.5\n")
    assert found == dataclasses.replace(DEFAULT, spinal_flexion_deg=12, stature_cm=181.5)
    assert loaded(tmp_path, "") == DEFAULT


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_file_that_windows_has_written(tmp_path, encoding):
    text = "# für mich\r\nstature_cm = 181.5\r\n"
    assert loaded(tmp_path, text.encode(encoding)).stature_cm == 181.5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("spinal_flexion_deg = ", "is not a TOML file"),
        (b"\xff\xfe\x00", "is not a TOML file"),
        pytest.param("stature_cm = " + "1" * 5000, "is not a TOML file", id="digits"),
        pytest.param("stature_cm = " + "[" * 5000, "is not a TOML file", id="brackets"),
        ("spinal_flexion = 12", "unknown tolerance 'spinal_flexion'; `hinge-dowel tolerances`"),
        ('spinal_flexion_deg = "12"', "spinal_flexion_deg must be a number"),
        ("stature_cm = 1.8", "stature_cm must lie between 50 and 260 cm"),
        ("[limits]\nspinal_flexion_deg = 12", "unknown tolerance 'limits'"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence(tmp_path, text, said):
    with pytest.raises(ConfigError, match=rf"mine\.toml:? {said}[^\n]*\.$"):
        loaded(tmp_path, text)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigError, match=r"^Cannot read the tolerance file .*none\.toml: No such"):
        tolerances.load(tmp_path / "none.toml")
