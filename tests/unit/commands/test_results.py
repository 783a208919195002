"""What check leaves: its exit status, the report."""

from __future__ import annotations

import argparse
import os
import shlex
import webbrowser
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from support import verdicts

from hinge_dowel.commands import check, results
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


def proposed(*words: str) -> str:
    parser = argparse.ArgumentParser()
    check.add(parser)
    return results.with_report(parser.parse_args(words))


def test_the_command_for_a_report_names_the_clips_unless_they_are_many() -> None:
    assert proposed("my clip.mp4").endswith(" check 'my clip.mp4' --out report --open")
    assert proposed(*["a-long-name.mp4"] * 9).endswith(" check CLIPS --out report --open")


@pytest.mark.parametrize(
    "options",
    [
        "--person left --from 5 --to 9.25 --slow-motion 4",
        "--exercise wall_tap --wall-cm 30 --height 183",
        "--who Anna --note 'new shoes' --config mine.toml --model here.task",
        "--fps 29.97 --size 1920x1080 --columns c.toml",
    ],
)
def test_the_command_for_a_report_judges_alike(options: str) -> None:
    typed, told = (shlex.split(one) for one in (options, proposed("me.mp4", *shlex.split(options))))
    kept = told[told.index("me.mp4") + 1 : told.index("--out")]
    assert dict(zip(kept[::2], kept[1::2], strict=True)) == dict(
        zip(typed[::2], typed[1::2], strict=True)
    )


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
