"""What the package gives at its top level."""

from __future__ import annotations

import subprocess
import sys

import pytest

import hinge_dowel
from hinge_dowel.errors import ClipError
from hinge_dowel.tolerances import Tolerances
from hinge_dowel.verdict import RepPhase


def test_everything_that_is_named_is_there():
    for name in hinge_dowel.__all__:
        assert getattr(hinge_dowel, name) is not None
        assert name in dir(hinge_dowel)
    assert hinge_dowel.Tolerances is Tolerances
    assert hinge_dowel.ClipError is ClipError
    assert hinge_dowel.RepPhase is RepPhase
    assert hinge_dowel.__version__[0].isdigit()


SCRIPT = """
from hinge_dowel import Tolerances, __version__, check_points
from hinge_dowel.testing.synthetic import HINGE, mix

motion = mix([HINGE])
verdict = check_points(motion.points, motion.fps, tolerances=Tolerances(stature_cm=180))
reveal_type(verdict)
reveal_type(__version__)
verdict.reps[0].spinal_flexion
"""


@pytest.mark.slow
def test_mypy_knows_the_types_of_the_installed_package(tmp_path, monkeypatch):
    """Away from the sources, as in a project that uses it: found, typed, and a slip is told."""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.delenv("MYPYPATH", raising=False)
    (tmp_path / "script.py").write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--follow-imports=silent", "script.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 'Revealed type is "hinge_dowel.verdict.Verdict"' in done.stdout
    assert 'Revealed type is "str"' in done.stdout or "builtins.str" in done.stdout
    assert '"Rep" has no attribute "spinal_flexion"' in done.stdout
    assert "Found 1 error" in done.stdout
