"""The kinds of array have one home."""

from __future__ import annotations

import re

from support.structure import MODULES, source


def test_no_other_module_defines_them_again():
    own = re.compile(r"^\s*(Array|Floats|Indices|Mask|Pixels) = ", re.M)
    homes = {module for module in MODULES if own.search(source(module))}
    assert homes == {"body.array_types"}
