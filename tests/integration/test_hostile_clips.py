"""Hostile clips through the real command; `make fuzz` runs ten times as many."""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import av
import pytest
from robustness import endurance, fuzz, hard, oddities, results, stock
from robustness.hostile import KINDS
from robustness.scoring import Score
from support import clips

from hinge_dowel.batch.worker_process import cores
from hinge_dowel.video.orientation import Rotation

SEED, CASES = 1, 500


@pytest.mark.rare
def test_hostile_clips_end_with_a_verdict_or_a_reason(pose_model: Path) -> None:
    tally = fuzz.Tally()
    for tally in fuzz.fuzz(0, CASES, SEED, pose_model, cores()):
        assert not tally.failures
    assert tally.cases == CASES
    assert set(tally.became) == set(KINDS)
    total = {what: sum(found[what] for found in tally.became.values()) for what in fuzz.BECAME}
    # Not everything is refused, nor everything let pass.
    assert total["judged"] > 0.2 * CASES
    assert total["refused"] > 0.2 * CASES
    assert total["stopped"] + total["decoder died"] <= 0.02 * CASES


def test_the_tally_counts_and_names_what_fails(tmp_path: Path) -> None:
    made = fuzz.Made(readable=True)
    case = fuzz.Case(7, "names", tmp_path / "a.mp4", made, listed=True)
    answers = [
        ({"status": "clean", "reason": None}, "judged"),
        ({"status": "unusable", "reason": "No hip hinge is seen: begin standing."}, "seen"),
        ({"status": "unusable", "reason": "a.mp4 is not a video."}, "failed"),
        ({"status": "unusable", "reason": None}, "failed"),
        ({"status": "unusable", "reason": "This failed in a way that it should not."}, "failed"),
    ]
    tally = fuzz.Tally()
    for answer, expected in answers:
        assert fuzz._became(case, answer, "case 7", tally).startswith(expected)
    assert len(tally.failures) == 3


@pytest.mark.slow
def test_every_kind_of_case_comes_again_from_its_seed(tmp_path: Path) -> None:
    for number in range(2 * len(KINDS)):
        made = []
        for turn in "ab":
            folder = tmp_path / f"{number}{turn}"
            folder.mkdir()
            case = fuzz.make(number, SEED, folder)
            assert os.path.lexists(case.path)
            made.append((case.path.name, case.made.special, case.made.suffix))
        assert made[0] == made[1]


@pytest.mark.slow
@pytest.mark.parametrize("special", oddities.SPECIALS)
def test_what_is_no_film_is_told_in_one_sentence_when_named(
    pose_model: Path, tmp_path: Path, special: str
) -> None:
    path = tmp_path / "clips" / "x.mp4"
    path.parent.mkdir()
    fuzz.put_down(path, special)
    run = subprocess.run(
        [sys.executable, "-m", "hinge_dowel", "check", "--no-cache", "--quiet", str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
        env={**os.environ, "HINGE_DOWEL_HOME": str(tmp_path), "HINGE_DOWEL_MODEL": str(pose_model)},
    )
    assert run.returncode == 2
    assert run.stdout == ""
    assert "Traceback" not in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1
    assert run.stderr.rstrip().endswith(".")
    assert "x.mp4" in run.stderr or "There is no video clip" in run.stderr


@pytest.mark.parametrize("held", ["upright", "clockwise", "upside down", "counter-clockwise"])
def test_the_turn_is_known_beside_side_data_without_a_name(tmp_path: Path, held: str) -> None:
    """PyAV cannot list the side data of stereo films and some stills."""
    clip = clips.turn(clips.write_clip(tmp_path / "a.mp4", clips.greys(3)), clips.MATRICES[held])
    with av.open(str(clip)) as container:
        frame = next(container.decode(video=0))

    class Stereo(SimpleNamespace):
        @property
        def side_data(self) -> None:
            raise ValueError("31 is not a valid Type")

    assert Rotation.of(Stereo(rotation=frame.rotation)) == Rotation.of(frame)  # type: ignore[arg-type]


def test_a_block_of_results_leaves_the_others(tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.md"
    results.write_block("scenes", f"## Scenes\n{results.made_on()}\nthree", path)
    results.write_block("fuzz", f"## Fuzz\n{results.made_on()}\none", path)
    first = path.read_text()
    results.write_block("fuzz", f"## Fuzz\n{results.made_on()}\ntwo", path)
    assert path.read_text() == first.replace("\none\n", "\ntwo\n") != first
    assert first.index("## Fuzz") < first.index("## Scenes")
    with pytest.raises(ValueError, match="is not one of"):
        results.write_block("other", "", path)


@pytest.mark.parametrize(
    "block", ["", "## Fuzz\nundated", "2026-01-02\n## Fuzz", "## Fuzz\n2026-01-02\n<!-- fuzz -->"]
)
def test_a_block_without_heading_or_date_or_that_ends_early_is_not_written(
    tmp_path: Path, block: str
) -> None:
    with pytest.raises(ValueError, match="a block"):
        results.write_block("fuzz", block, tmp_path / "RESULTS.md")
    assert not list(tmp_path.iterdir())


def test_every_command_writes_its_block_whole_and_dated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, days = tmp_path / "RESULTS.md", [datetime.datetime.now(datetime.UTC)]
    for command in (fuzz, hard, endurance):
        monkeypatch.setattr(
            command, "write_block", lambda name, text: results.write_block(name, text, path)
        )
    tally = fuzz.Tally(worker_mb=1234.0, parent_mb=345.0, took_s=80.0)
    case = fuzz.Case(1, "names", tmp_path / "a.mp4", fuzz.Made(), listed=True)
    for what in ("judged", "judged", "refused"):
        tally.note(case, what)
    fuzz.write_results(tally, seed=7, jobs=2)
    scores = {
        "dark room": Score(reps=14, right=12, unsure=1, wrong=1),
        "child": Score(reps=6, right=6),
    }
    hard.write_results(scores)
    endurance.write_results(
        [("clip", "slope"), ("a", "+0.1 MB/min")], [("session", "slope"), ("b", "-0.2 MB/min")], 1.5
    )
    blocks = dict(
        re.findall(r"<!-- (\w+) -->\n(.*?)\n<!-- end of \1 -->", path.read_text(), re.DOTALL)
    )
    assert tuple(blocks) == results.ORDER
    days.append(datetime.datetime.now(datetime.UTC))
    for name, block in blocks.items():
        assert block.startswith("## "), name
        assert any(f"`make {name}`, {day:%Y-%m-%d}" in block for day in days)  # over midnight
    assert "Seed 7: 3 cases, **failures: 0**" in blocks["fuzz"]
    assert "1,234 MB for a worker" in blocks["fuzz"]
    assert "| names | 3 | 2 |" in blocks["fuzz"]
    assert "| dark room | 14 | 12 | 1 | 0 | 1 |" in blocks["scenes"]
    assert "| **all** | 20 | 18 | 1 | 0 | 1 |" in blocks["scenes"]
    assert "+0.1 MB/min" in blocks["endurance"]
    assert "-0.2 MB/min" in blocks["endurance"]


def test_the_stock_is_sound() -> None:
    assert len(stock.pictures()) == 21
    for name in stock.CONTAINERS:
        assert len(stock.healthy(name)) > 1000
