"""Paths that tests need."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
SAMPLES = ROOT / "samples"
SUPPORT = TESTS / "support"
