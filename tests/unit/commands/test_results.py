"""What check leaves: its exit status, the report."""

from __future__ import annotations

import os
import webbrowser
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from support import verdicts

from hinge_dowel.commands import results
from hinge_dowel.verdict import Verdict

SURE = verdicts.verdict(reps=[("spinal_flexion",), ()])
MAYBE = replace(
    SURE, reps=(replace(SURE.reps[0], intervals_deg={"spinal_flexion_deg": (5.0, 85.0)}),)
)
CLEAN = verdicts.verdict()


@pytest.mark.parametrize(
    ("found", "usual", "strict"),
    [
        ([CLEAN], 0, 0),
        ([CLEAN, MAYBE], 0, 1),
        ([MAYBE, SURE], 1, 1),
        ([SURE, verdicts.unusable()], 2, 2),
    ],
)
def test_only_sure_faults_count_unless_strict(
    found: list[Verdict], usual: int, strict: int
) -> None:
    assert results.exit_status(found) == usual
    assert results.exit_status(found, strict=True) == strict


def test_the_command_for_a_report_names_the_clips_unless_they_are_many() -> None:
    assert results.with_report(["my clip.mp4"]).endswith(" check 'my clip.mp4' --out report --open")
    assert results.with_report(["a-long-name.mp4"] * 9).endswith(" check CLIPS --out report --open")


@pytest.mark.parametrize("there", [True, False])
def test_the_report_is_opened_in_the_browser_or_it_is_said_where_it_lies(
    there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or there)
    results.open_report(tmp_path / "report.html")
    assert opened == [(tmp_path / "report.html").as_uri()]
    assert ("report.html in one" in capsys.readouterr().err) != there


def test_clips_are_dated_by_when_they_were_made(tmp_path: Path) -> None:
    made = tmp_path / "me.mp4"
    made.touch()
    os.utime(made, (1_770_000_000, 1_770_000_000))
    found = results.dates(
        [verdicts.verdict("me.mp4"), verdicts.verdict("far.mp4")], [made, "https://host/far.mp4"]
    )
    assert list(found) == ["me.mp4"]
    assert datetime.fromisoformat(found["me.mp4"]).timestamp() == 1_770_000_000
