"""Tables of any encoding, separator and preamble."""

from __future__ import annotations

import numpy as np
import pytest
from support.keypoint_files import (
    BODY,
    FPS,
    judged,
    table,
)

T = len(BODY.landmarks)


TIMES = np.arange(T) / FPS


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("cut", [";", "\t", "|", " "])
def test_encodings_and_separators(tmp_path, encoding, cut):
    path = table(tmp_path / "a.csv", ["Prüfling", "time_s"], [["Müller", s] for s in TIMES], cut)
    text = path.read_text("utf-8")
    if cut != " ":
        text = "\n".join(line.replace(".", ",") for line in text.splitlines())
    path.write_bytes(text.encode(encoding))
    judged(path)


@pytest.mark.parametrize(
    "before", ["sep=;\n", f"# tracker 1.2, {FPS:.0f} fps\n", "% made today\n\n", "#"]
)
def test_lines_before_the_header(tmp_path, before):
    path = table(tmp_path / "a.csv", ["frame"], [[i] for i in range(T)], ";")
    path.write_text(before + path.read_text("utf-8"), "utf-8")
    judged(path, None if "fps" in before else FPS)
