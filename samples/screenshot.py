"""Takes two pictures of the README: a real session on a sample clip, and a real report.

    python samples/screenshot.py drill [--clip CLIP] [--at SECONDS] [--size WIDTHxHEIGHT]
    python samples/screenshot.py report [--height PIXELS]

writes samples/drill.svg, the screen that `hinge-dowel drill CLIP` shows at that moment, or
samples/report.png, the upper part of the page that `hinge-dowel check --out` makes of five of the
samples, as Chromium shows it (CHROMIUM names it where it is not on the path).
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import tempfile
from pathlib import Path

from PIL import Image
from rich.console import Console

from hinge_dowel.cli import main as hinge_dowel
from hinge_dowel.live.estimator import LiveEstimator
from hinge_dowel.live.screen.layout import compose, render
from hinge_dowel.live.session import Drill
from hinge_dowel.live.snapshot import Plan, Snapshot
from hinge_dowel.pose import model_file
from hinge_dowel.pose.tracker import PoseTracker
from hinge_dowel.report.files import picture
from hinge_dowel.video.reader import read_frames

HERE = Path(__file__).parent
IN_REPORT = ("mixed_right", "squat_left", "clean_right", "rdl", "front")
WIDE_PX = 1000


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


def drill(clip: Path, at_s: float, width: int, height: int) -> None:
    console = Console(
        file=io.StringIO(),
        width=width,
        height=height,
        record=True,
        force_terminal=True,
        color_system="truecolor",
    )
    shown = moment(clip, at_s)
    console.print(render(compose(shown, width=width, height=height), color=True))
    (HERE / "drill.svg").write_text(picture(console, "hinge-dowel drill"), "utf-8")


def report(height: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clips = [str(HERE / f"{name}.mp4") for name in IN_REPORT]
        hinge_dowel(["check", *clips, "--out", folder, "--quiet"])
        taken = Path(folder, "taken.png")
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
        command = [os.environ.get("CHROMIUM", "chromium"), *options, f"--screenshot={taken}"]
        page = Path(folder, "report.html").as_uri()
        subprocess.run([*command, f"--window-size={WIDE_PX},{height}", page], check=True)
        with Image.open(taken) as image:
            # A third of the size of true colours; with k-means, or the few orange pixels turn red.
            few = image.convert("RGB").quantize(256, Image.Quantize.MEDIANCUT, kmeans=1)
            few.save(HERE / "report.png", optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=("drill", "report"))
    parser.add_argument("--clip", type=Path, default=HERE / "mixed_right.mp4")
    parser.add_argument("--at", type=float, default=7.2, metavar="SECONDS")
    parser.add_argument("--size", default="100x30", metavar="WIDTHxHEIGHT")
    parser.add_argument("--height", type=int, default=2080, metavar="PIXELS")
    given = parser.parse_args()
    if given.what == "drill":
        drill(given.clip, given.at, *map(int, given.size.split("x")))
    else:
        report(given.height)


if __name__ == "__main__":
    main()
