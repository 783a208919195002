"""Takes the picture of the drill in the README: a real session on a sample clip.

    python samples/screenshot.py [CLIP] [--at SECONDS] [--size WIDTHxHEIGHT]

writes samples/drill.svg: the screen that `hinge-dowel drill --source CLIP` shows at that moment.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

from rich.console import Console

from hinge_dowel.live.estimator import LiveEstimator
from hinge_dowel.live.screen.layout import compose, render
from hinge_dowel.live.session import Drill
from hinge_dowel.live.snapshot import Plan, Snapshot
from hinge_dowel.pose import model_file
from hinge_dowel.pose.tracker import PoseTracker
from hinge_dowel.report.files import picture
from hinge_dowel.video.reader import read_frames

HERE = Path(__file__).parent


def moment(clip: Path, at_s: float) -> Snapshot:
    """What the session knows at that time into the clip, every frame before it seen."""
    drill = Drill(Plan(live=False), LiveEstimator())
    with PoseTracker(model_file.locate()) as pose_tracker:
        for frame in read_frames(clip):
            size_px = (frame.rgb.shape[1], frame.rgb.shape[0])
            known = drill.see(pose_tracker.see(frame), size_px, frame.time_s)
            if frame.time_s >= at_s:
                return known
    raise SystemExit(f"{clip} ends before {at_s} s.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clip", type=Path, nargs="?", default=HERE / "mixed_right.mp4")
    parser.add_argument("--at", type=float, default=7.2, metavar="SECONDS")
    parser.add_argument("--size", default="100x30", metavar="WIDTHxHEIGHT")
    given = parser.parse_args()
    width, height = map(int, given.size.split("x"))
    console = Console(
        file=io.StringIO(),
        width=width,
        height=height,
        record=True,
        force_terminal=True,
        color_system="truecolor",
    )
    shown = moment(given.clip, given.at)
    console.print(render(compose(shown, width=width, height=height), color=True))
    (HERE / "drill.svg").write_text(picture(console, "hinge-dowel drill"), "utf-8")


if __name__ == "__main__":
    main()
