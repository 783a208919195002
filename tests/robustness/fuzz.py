"""`make fuzz`: thousands of hostile clips through the real command, and what came of each.

Every case must end with a verdict or a reason, within the time limit and in bounded memory, and
leave nothing behind: no traceback, no process, no file outside the folder of results. Cases are
drawn from a seed, each from its own number, so that any of them can be made again.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import psutil
from robustness.hostile import KINDS, Made
from robustness.oddities import SPECIALS
from robustness.results import made_on, write_block

from hinge_dowel.batch.worker_process import cores, memory_for
from hinge_dowel.pose.model_file import locate

TIMEOUT_S = 20.0
BATCH = 50
PARENT_MB = 700.0
"""What the command itself may take; the workers have a limit of their own."""
TOKEN = "HINGE_DOWEL_FUZZ"  # noqa: S105  (marks our processes)

_WAYS: tuple[tuple[tuple[str, ...], dict[str, str]], ...] = (
    (("--no-cache",), {}),
    (("--no-cache", "--video", "--export", "npz"), {"LC_ALL": "C", "PYTHONUTF8": "0"}),
    (("--export", "trc", "--no-pictures"), {"PYTHONIOENCODING": "ascii"}),
)
"""Batches take turns in how the command is run, and in which environment."""

_STOPPED = ("Checking this clip took longer", "Checking this clip needs more memory")
_DIED = "The process that checked this clip died"
_SEEN = ("No person", "Which way", "The outlines", "The camera", "The legs", "No hip", "The head")
_SEEN += (
    "The person lies",
    "The person stands upside down",
    "The feet",
    "This clip is cut into pieces",
    "It is too dark",
    "Too few pictures",
    "The frame rate of this film",
)
"""How the reasons begin that are about what a clip shows, not about its file."""


@dataclass(frozen=True)
class Case:
    """One hostile file; `listed` when the command must say something about it."""

    number: int
    kind: str
    path: Path
    made: Made
    listed: bool


@dataclass
class Tally:
    """What became of all cases, by kind, and what went wrong."""

    became: dict[str, Counter[str]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    worker_mb: float = 0.0
    parent_mb: float = 0.0
    took_s: float = 0.0

    @property
    def cases(self) -> int:
        return sum(sum(found.values()) for found in self.became.values())

    def note(self, case: Case, what: str) -> None:
        self.became.setdefault(case.kind, Counter())[what] += 1

    def fail(self, where: str, what: str) -> None:
        self.failures.append(f"{where}: {what}")


def make(number: int, seed: int, folder: Path) -> Case:
    """Draw a case and put it down."""
    rng = Random(f"{seed} {number}")  # noqa: S311
    kinds = list(KINDS)
    kind = kinds[number % len(kinds)]
    made = KINDS[kind](rng)
    label = f"{number:05}".encode()
    plain = b"-".join([label, *kind.encode().split()])
    name = plain if made.name is None else made.name + label
    path = folder / os.fsdecode(name + made.suffix.encode())
    if made.special:
        listed = made.named or made.special in ("sparse", "empty", "loop", "link nowhere")
        put_down(path, made.special)
    else:
        listed = True
        path.write_bytes(made.data)
    return Case(number, kind, path, made, listed)


def put_down(path: Path, special: str) -> None:
    """Make what is no plain file, or hardly one."""
    assert special in SPECIALS
    if special == "fifo":
        os.mkfifo(path)
    elif special == "socket":
        here = Path.cwd()
        os.chdir(path.parent)  # names of sockets must be short
        try:
            with socket.socket(socket.AF_UNIX) as opened:
                opened.bind(path.name)
        finally:
            os.chdir(here)
    elif special == "folder":
        path.mkdir()
    elif special == "loop":
        path.symlink_to(path.name)
    elif special == "sparse":
        with path.open("wb") as file:
            file.write(b"\0\0\0\x18ftypmp42")
            file.truncate(200 << 20)
    elif special == "empty":
        path.touch()
    else:
        path.symlink_to(special.partition(" ")[2])


class Watch:
    """The most memory that a process and its children hold, while the block runs."""

    def __init__(self, pid: int) -> None:
        self.parent_mb = self.worker_mb = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(psutil.Process(pid),))

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self, process: psutil.Process) -> None:
        while not self._over.wait(0.1):
            with suppress(psutil.Error):
                self.parent_mb = max(self.parent_mb, process.memory_info().rss / 1e6)
                for child in process.children(recursive=True):
                    with suppress(psutil.Error):
                        self.worker_mb = max(self.worker_mb, child.memory_info().rss / 1e6)


def left_over(token: str) -> list[psutil.Process]:
    """Processes that still carry our mark, a moment after they should be gone."""
    for _ in range(20):
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                if process.environ().get(TOKEN) == token and process.status() != "zombie":
                    found.append(process)
        if not found:
            return []
        time.sleep(0.1)
    return found


def files_below(folder: Path) -> set[tuple[str, int, int]]:
    """Every file, link and pipe with its size and time of change."""
    found = set()
    for place, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = Path(place) / name
            status = path.lstat()
            if not stat.S_ISDIR(status.st_mode):
                found.add((str(path), status.st_size, status.st_mtime_ns))
    return found


def run_batch(
    numbers: Sequence[int], seed: int, model: Path, jobs: int, tally: Tally, sandbox: Path
) -> None:
    """Make these cases, have them checked by one command, and see what became of each."""
    clips, out, home = sandbox / "clips", sandbox / "out", sandbox / "home"
    for folder in (clips, home, sandbox / "here", sandbox / "tmp"):
        folder.mkdir()
    cases = [make(number, seed, clips) for number in numbers]
    before = files_below(clips)
    way, environment = _WAYS[numbers[0] // BATCH % len(_WAYS)]
    token = f"{os.getpid()} {numbers[0]}"
    where = f"cases {numbers[0]} to {numbers[-1]}"
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "hinge_dowel", "check", "--model", str(model), *way]
        + ["--out", str(out), "--jobs", str(jobs), "--timeout", str(TIMEOUT_S), str(clips)]
        + [str(case.path) for case in cases if case.made.named],
        cwd=sandbox / "here",
        env={
            **os.environ,
            **environment,
            TOKEN: token,
            "HINGE_DOWEL_HOME": str(home),
            "HOME": str(home),
            "TMPDIR": str(sandbox / "tmp"),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    limit_s = 60 + TIMEOUT_S * len(cases)
    with Watch(process.pid) as watch:
        try:
            said, told = process.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired:
            process.kill()
            said, told = process.communicate()
            tally.fail(where, f"the command did not end within {limit_s:.0f} s")
    tally.took_s += time.monotonic() - began
    tally.parent_mb = max(tally.parent_mb, watch.parent_mb)
    tally.worker_mb = max(tally.worker_mb, watch.worker_mb)
    if watch.parent_mb > PARENT_MB:
        tally.fail(where, f"the command took {watch.parent_mb:.0f} MB")
    if watch.worker_mb * 1e6 > 1.1 * memory_for(jobs):
        tally.fail(where, f"a worker took {watch.worker_mb:.0f} MB")
    if process.returncode != 2:  # some case is always beyond judging
        tally.fail(where, f"exit status {process.returncode}: {told[-500:]!r}")
    for text in (said, told):
        if b"Traceback" in text or b"\x1b" in text or b"\x07" in text:
            tally.fail(where, f"on the screen: {text[-2000:]!r}")
    for left in left_over(token):
        tally.fail(where, f"process {left.pid} is left over")
        with suppress(psutil.Error):
            left.send_signal(signal.SIGKILL)
    if files_below(clips) != before:
        tally.fail(where, f"the clips changed: {sorted(before ^ files_below(clips))[:5]}")
    for place, *_ in files_below(sandbox):
        path = Path(place).relative_to(sandbox)
        record = path.parts[:3] == ("home", "cache", "records") and path.suffix in (".npz", ".json")
        if path.parts[0] not in ("clips", "out") and not (record and "--no-cache" not in way):
            tally.fail(where, f"a file outside the folder of results: {path}")
    _see_results(cases, out, where, tally)


def _see_results(cases: Sequence[Case], out: Path, where: str, tally: Tally) -> None:
    try:
        page = (out / "report.html").read_text("utf-8")
        clips = json.loads((out / "results.json").read_text("utf-8"))["clips"]
        (out / "results.csv").read_text("utf-8")
    except (OSError, ValueError, KeyError) as error:
        tally.fail(where, f"results cannot be read: {error!r}")
        return
    for bad in ("<script>alert", "<img src=x", "<b>{{"):
        if bad in page:
            tally.fail(where, f"the report holds {bad}")
    # By the bytes of the names, which not every environment spells alike.
    found = {clip["clip"].encode("utf-8", "surrogateescape"): clip for clip in clips}
    if len(found) != len(clips):
        tally.fail(where, "a clip has two verdicts")
    for case in cases:
        name = os.fsencode(case.path.name)
        clip = found.pop(name, None)
        here = f"case {case.number} ({case.kind})"
        if not case.listed:
            tally.note(case, "passed over")
            if clip is not None:
                tally.fail(here, "what is no film was taken for one")
        elif clip is None:
            tally.note(case, "failed")
            tally.fail(here, f"no verdict on {name!r}")
        else:
            tally.note(case, _became(case, clip, here, tally))
    for name in found:
        tally.fail(where, f"a verdict on {name!r}, which was not asked for")


def _became(case: Case, clip: dict[str, object], here: str, tally: Tally) -> str:
    """What became of a case, in a word or two; what is no answer is a failure."""
    reason = clip["reason"]
    if clip["status"] in ("clean", "faulty"):
        return "judged"
    if clip["status"] != "unusable" or not isinstance(reason, str) or not reason.endswith("."):
        tally.fail(here, f"neither verdict nor reason: {clip}")
        return "failed"
    if "in a way that it should not" in reason or "\n" in reason or "\x1b" in reason:
        tally.fail(here, reason)
        return "failed"
    if reason.startswith(_DIED):
        return "decoder died"
    if reason.startswith(_STOPPED):
        return "stopped"
    if reason.startswith(_SEEN):
        return "seen, not judged"
    if case.made.readable:
        tally.fail(here, f"should be readable: {reason}")
        return "failed"
    return "refused"


def fuzz(first: int, count: int, seed: int, model: Path, jobs: int) -> Iterator[Tally]:
    """Run so many cases; the tally so far after each batch."""
    tally = Tally()
    for start in range(first, first + count, BATCH):
        numbers = range(start, min(start + BATCH, first + count))
        sandbox = Path(tempfile.mkdtemp(prefix="hinge-dowel-fuzz-"))
        try:
            run_batch(numbers, seed, model, jobs, tally, sandbox)
        finally:
            shutil.rmtree(sandbox, ignore_errors=True)
        yield tally


BECAME = (
    "judged",
    "seen, not judged",
    "refused",
    "passed over",
    "stopped",
    "decoder died",
    "failed",
)


def table(tally: Tally) -> str:
    """What became of the cases, by kind."""
    rows = [("kind", "cases", *BECAME)]
    for kind, found in tally.became.items():
        rows.append((kind, str(found.total()), *(str(found[what] or "") for what in BECAME)))
    total = sum(tally.became.values(), Counter[str]())
    rows.append(("all", str(total.total()), *(str(total[what]) for what in BECAME)))
    rows.insert(1, ("---", *["---:"] * (len(BECAME) + 1)))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def write_results(tally: Tally, seed: int, jobs: int) -> None:
    """The block of RESULTS.md."""
    each_s = tally.took_s * jobs / tally.cases
    write_block(
        "fuzz",
        f"""## Hostile and broken clips

`make fuzz`, {made_on()} Seed {seed}: {tally.cases:,} cases, **failures: {len(tally.failures)}**.
Clips of about 1.4 s in batches of {BATCH}, {jobs} at once, at most {TIMEOUT_S:.0f} s each; \
{each_s:.2f} s a case on average, loading and report included. Peak memory: \
{tally.worker_mb:,.0f} MB for a worker (allowed: {memory_for(jobs) / 1e6:,.0f} MB), \
{tally.parent_mb:,.0f} MB for the command.

{table(tally)}

*Judged*: reps were found. *Seen, not judged*: the film was read, and what it shows is no rep to \
judge. *Refused*: the file is no film, or too damaged. *Passed over*: not listed in a folder \
(pipes, devices, folders). *Stopped*: at the limit of time or memory, and said so. \
*Decoder died*: a crash in native code cost that one clip.""",
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5000)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=cores())
    parser.add_argument("--write", action="store_true", help="write RESULTS.md")
    given = parser.parse_args()
    model = locate()
    tally, shown = Tally(), 0
    with suppress(KeyboardInterrupt):  # what was done by then counts
        for tally in fuzz(given.first, given.cases, given.seed, model, given.jobs):
            failed = len(tally.failures)
            print(f"{tally.cases:5} cases, {failed} failures, {tally.took_s:.0f} s", flush=True)
            for failure in tally.failures[shown:]:
                print("  " + failure, flush=True)
            shown = failed
    print(table(tally))
    if given.write and tally.cases:
        write_results(tally, given.seed, given.jobs)
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
