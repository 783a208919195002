"""Alter clips as cameras, phones and sites do, to see whether they are judged the same.

    PYTHONPATH=tests python -m accuracy.altered CLIPS OUT [KIND...]

Each of OUT's folders, one for each of `KINDS`, gets all clips of CLIPS and its labels.tsv; judge
it by `hinge-dowel check` or `python -m accuracy.real`. Clips that exist are kept.
"""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Iterator
from multiprocessing import Pool
from pathlib import Path

import av
from av.filter import Graph
from av.video.frame import VideoFrame

KINDS = {
    "mirrored": "hflip",
    "small": "scale=trunc(iw*0.45/4)*4:-2",
    "far_away": "pad=iw*1.6:ih*1.3:(ow-iw)/2:(oh-ih)/2:gray",
    "dark": "lutyuv=y=16+(val-16)*0.35",
    "bright": "curves=all=0/0 0.3/0.6 1/1",
    "grey": "hue=s=0",
    "warm": "colorbalance=rs=.25:bs=-.25",
    "tilted": "rotate=5*PI/180",
    "seldom": "fps=15",
    "compressed": "null",
}
"""Filters of ffmpeg by kind; the pictures of "seldom" come 15 times a second."""
QUALITY, COMPRESSED = "20", "38"
"""Constant rate factors of x264: hardly visible, and very visible."""


def filtered(path: Path, kind: str) -> Iterator[VideoFrame]:
    """Decode a clip through the filter of a kind."""
    with av.open(path) as source:
        graph = Graph()
        name, _, how = KINDS[kind].partition("=")
        graph.link_nodes(
            graph.add_buffer(template=source.streams.video[0]),
            graph.add(name, how or None),
            graph.add("buffersink"),
        ).configure()
        for decoded in source.decode(video=0):
            graph.push(decoded)
            while True:
                try:
                    frame = graph.pull()
                except (BlockingIOError, av.EOFError):
                    break
                assert isinstance(frame, VideoFrame)
                yield frame


def alter(job: tuple[Path, Path, str]) -> None:
    """Write a clip altered, whole or not at all."""
    path, out, kind = job
    part = out.with_suffix(".part")
    with av.open(part, "w", format="mp4") as target:
        stream = None
        for frame in filtered(path, kind):
            if stream is None:
                stream = target.add_stream("libx264", rate=30)
                stream.width, stream.height = frame.width // 2 * 2, frame.height // 2 * 2
                stream.pix_fmt = "yuv420p"
                stream.options = {"crf": COMPRESSED if kind == "compressed" else QUALITY}
                stream.codec_context.time_base = frame.time_base
            target.mux(stream.encode(frame.reformat(stream.width, stream.height, "yuv420p")))
        assert stream is not None
        target.mux(stream.encode(None))
    part.replace(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    args = parser.parse_args()
    jobs = []
    for kind in args.kinds or KINDS:
        folder = args.out / kind
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(args.clips / "labels.tsv", folder)
        clips = sorted(args.clips.glob("*.mp4"))
        jobs += [(clip, folder / clip.name, kind) for clip in clips]
    jobs = [job for job in jobs if not job[1].exists()]
    with Pool(os.cpu_count()) as pool:
        for number, _ in enumerate(pool.imap_unordered(alter, jobs), 1):
            print(f"{number} of {len(jobs)}", flush=True)


if __name__ == "__main__":
    main()
