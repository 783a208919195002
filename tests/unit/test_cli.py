"""The command as a person or a script meets it: streams, files, exit statuses, broken things."""

import io
import json
import os
import signal
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import psutil
import pytest
from support import outcomes
from support.locations import ROOT
from support.outcomes import in_this_process
from support.waiting import gone, within

from hinge_dowel import cli
from hinge_dowel.batch import named_clips, runner
from hinge_dowel.errors import ModelError
from hinge_dowel.system import console
from hinge_dowel.system.typed_commands import quoted


@pytest.fixture
def clips(tmp_path, monkeypatch):
    """Makes empty clips of the given names and returns their paths."""
    monkeypatch.setattr("hinge_dowel.batch.worker_process._PROGRAM", outcomes.WORKER)

    def make(*names):
        paths = [tmp_path / name for name in names]
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"")
        return [str(path) for path in paths]

    return make


@pytest.fixture
def command(monkeypatch, capsys):
    """Runs the command without processes; returns exit status, stdout, stderr."""
    monkeypatch.setattr(
        "hinge_dowel.pose.model_file.locate", lambda explicit, **_: Path("model.task")
    )
    monkeypatch.setattr("hinge_dowel.batch.runner.check_many", in_this_process)
    monkeypatch.setattr("hinge_dowel.batch.worker_process.started_early", lambda *_: nullcontext())
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("NO_COLOR", "FORCE_COLOR", "HINGE_DOWEL_DEBUG"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments):
        status = cli.main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return status, out, err

    return run


def assert_one_sentence(err):
    assert err.startswith("hinge-dowel: ")
    assert err.endswith(".\n")
    assert err.count("\n") == 1


def test_what_may_not_be_opened_is_named_and_is_no_bug(monkeypatch, command, clips):
    def closed(*_):
        raise PermissionError(13, "Permission denied", "class/me.mp4")

    monkeypatch.setattr("hinge_dowel.batch.named_clips.clips_in", closed)
    status, out, err = command("check", *clips("me.mp4"))
    assert (status, out) == (2, "")
    assert_one_sentence(err)
    assert "class/me.mp4 may not be opened: check its permissions" in err


@pytest.mark.skipif(os.name == "nt", reason="Windows deletes no folder that is in use")
@pytest.mark.parametrize("option", ["--out", "--json"])
def test_a_working_folder_that_was_deleted_is_no_bug(monkeypatch, tmp_path, command, clips, option):
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    here.rmdir()
    status, out, err = command("check", *clips("clean.mp4"), option, "results")
    assert (status, out) == (2, "")
    assert err == (
        "hinge-dowel: This folder was deleted meanwhile: go to another one (cd) and try again.\n"
    )


def test_another_file_that_is_gone_is_not_told_as_a_deleted_folder(monkeypatch, command, clips):
    def lost(*_):
        raise FileNotFoundError("Unable to open file at pose.task")  # as MediaPipe does: no name

    monkeypatch.setattr("hinge_dowel.batch.named_clips.clips_in", lost)
    status, _, err = command("check", *clips("me.mp4"))
    assert status == 2
    assert "Unable to open file at pose.task" in err
    assert "folder was deleted" not in err


@pytest.mark.parametrize("words", [["check"], ["check", ".", "--json"]])
def test_a_name_that_is_too_long_is_no_bug(command, words):
    name = 300 * "x" + ".mp4"
    status, out, err = command(*words, name)
    assert (status, out) == (2, "")
    assert err == f"hinge-dowel: No file can be called {name}: it is too long.\n"


def test_sums_are_not_shared_among_threads_unless_the_user_says_so(monkeypatch, capsys):
    for name in cli.THREADS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "7")
    assert cli.main(["--version"]) == 0
    capsys.readouterr()
    assert {name: os.environ[name] for name in cli.THREADS} == cli.THREADS | {
        "OPENBLAS_NUM_THREADS": "7"
    }


# -- exit statuses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["clean_1.mp4", "clean_2.mp4"], 0),
        (["clean.mp4", "squat.mp4"], 1),
        (["front.mp4"], 2),
        (["squat.mp4", "front.mp4", "clean.mp4"], 2),
    ],
)
def test_the_exit_status_tells_the_worst(command, clips, names, expected):
    status, out, err = command("check", *clips(*names))
    assert status == expected
    assert all(name in out for name in names)
    assert err == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["check"], "the following arguments are required: PATH; see hinge-dowel check --help"),
        (["chek"], "'chek' is no command, did you mean check; see hinge-dowel --help."),
        # A film that is dropped on the program.
        ([__file__], f"is no command, did you mean hinge-dowel check {quoted(__file__)}; see"),
        (["drill", "--exercise", "kneling"], "not 'kneling', did you mean kneeling; see"),
        (["check", "a.mp4", "--jobs", "0"], "must be a whole number from 1 up, not '0'"),
        (["check", "a.mp4", "--jobs", "two"], "must be a whole number from 1 up, not 'two'"),
        (
            ["check", "a.mp4", "--jsn", "x"],
            "there is no option --jsn, did you mean --json; see hinge-dowel check --help.",
        ),
        # A misspelt option is named, not its value, which might be a command.
        (
            ["history", "--wo", "Anna"],
            "there is no option --wo, did you mean --who; see hinge-dowel history --help.",
        ),
        (["history", "delte"], "'delte' is no ACTION, did you mean delete; see"),
        (["--qiet", "chek"], "there is no option --qiet; see hinge-dowel --help."),
        (["tolerances", "all"], "there is one word too many, 'all'; see hinge-dowel tolerances"),
        # As from a shell's variable that is not set.
        (["model", ""], "there is one word too many, ''; see hinge-dowel model --help."),
        (["completion", "fish"], "'fish' is no shell, choose from bash, zsh, tcsh"),
        (["check", "/no/such/clip.mp4"], "/no/such/clip.mp4"),
        (["check", "."], "no video clip in the folder"),
        (["check", "a.mp4", "--config", "/no/such.toml"], "Cannot read the tolerance file"),
    ],
)
def test_a_usage_error_is_one_sentence_and_status_2(
    command, tmp_path, monkeypatch, arguments, told
):
    monkeypatch.chdir(tmp_path)
    status, out, err = command(*arguments)
    assert (status, out) == (2, "")
    assert told in err
    assert_one_sentence(err)


def test_a_name_that_begins_like_an_option_is_a_name(command, clips, tmp_path, monkeypatch):
    clips("-squat.mp4")
    monkeypatch.chdir(tmp_path)
    status, out, err = command("check", "-squat.mp4")
    assert status != 2
    assert "-squat.mp4" in out
    assert err == ""


def test_an_unknown_tolerance_stops_before_the_work(command, clips, tmp_path):
    config = tmp_path / "mine.toml"
    config.write_text("spinal_flexion = 12\n")
    status, out, err = command("check", *clips("squat.mp4"), "--config", config)
    assert (status, out) == (2, "")
    assert "unknown tolerance 'spinal_flexion'" in err
    assert_one_sentence(err)


def test_without_a_command_the_first_three_things_are_shown(command):
    status, out, err = command()
    assert (status, out) == (2, "")
    for first in ("check me.mp4", "drill", "guide", "--help"):
        assert f"hinge-dowel {first}" in err
    assert max(map(len, err.splitlines())) <= 60


def test_what_is_to_be_typed_next_is_as_it_was_typed_now(command, tmp_path, monkeypatch):
    """Where the shell does not find the program by its name, no hint says so."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(tmp_path / ".venv" / "bin" / "hinge-dowel")])
    _, _, err = command()
    assert "  .venv/bin/hinge-dowel check me.mp4 " in err
    assert "\n.venv/bin/hinge-dowel --help lists" in err
    _, _, err = command("check")
    assert err.split("; see ")[1] == ".venv/bin/hinge-dowel check --help.\n"
    _, _, err = command("chek")
    assert err.split("; see ")[1] == ".venv/bin/hinge-dowel --help.\n"


def test_headings_of_the_help_keep_their_case(command):
    _, out, _ = command("check", "--help")
    assert "Files of keypoints:" in out


def test_help_and_version_go_to_stdout(command, monkeypatch):
    monkeypatch.setattr("importlib.metadata.version", lambda name: "1.2.3")
    assert command("--version") == (0, "hinge-dowel 1.2.3\n", "")
    status, out, err = command("check", "--help")
    assert (status, err) == (0, "")
    assert "--jobs N" in out


def test_a_missing_model_stops_everything(command, clips, monkeypatch):
    def not_found(explicit, **_):
        raise ModelError("The pose model cannot be fetched: place it in /here.")

    monkeypatch.setattr("hinge_dowel.pose.model_file.locate", not_found)
    status, out, err = command("check", *clips("clean.mp4"))
    assert (status, out) == (2, "")
    assert err == "hinge-dowel: The pose model cannot be fetched: place it in /here.\n"


def test_an_interrupt_is_a_short_word(command, clips, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("hinge_dowel.batch.runner.check_many", interrupted)
    status, out, err = command("check", *clips("clean.mp4"))
    assert (status, out, err) == (130, "", "hinge-dowel: interrupted.\n")


def test_the_unforeseen_is_one_sentence_unless_debugging(command, clips, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("lost\nmore")

    monkeypatch.setattr("hinge_dowel.batch.runner.check_many", broken)
    status, _, err = command("check", *clips("clean.mp4"))
    assert status == 2
    assert "RuntimeError: lost)" in err
    assert_one_sentence(err)
    monkeypatch.setenv("HINGE_DOWEL_DEBUG", "1")
    status, _, err = command("check", *clips("clean.mp4"))
    assert status == 2
    assert "Traceback" in err


# -- outputs -------------------------------------------------------------------------------------


def test_json_goes_to_a_file_and_the_table_to_stdout(command, clips, tmp_path):
    target = tmp_path / "results.json"
    status, out, err = command("check", *clips("squat.mp4", "clean.mp4"), "--json", target)
    assert (status, err) == (1, "")
    assert "2 clips: 1 clean, 1 faulty; 2 reps, 1 clean" in out
    found = json.loads(target.read_text("utf-8"))
    assert [clip["status"] for clip in found["clips"]] == ["faulty", "clean"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "clean.mp4",
        "results.json",
        "squat.mp4",
    ]


def test_json_on_stdout_is_nothing_but_json(command, clips):
    status, out, err = command("check", *clips("squat.mp4", "clean_ü.mp4"), "--json", "-")
    assert status == 1
    assert [clip["clip"] for clip in json.loads(out)["clips"]] == ["squat.mp4", "clean_ü.mp4"]
    assert out.isascii()
    assert "Squatting in the only rep" in err


def test_quiet_says_only_what_could_not_be_checked(command, clips):
    assert command("check", "--quiet", *clips("clean.mp4", "squat.mp4")) == (1, "", "")
    status, out, err = command("check", "--quiet", *clips("clean.mp4", "front.mp4"))
    assert (status, out) == (2, "")
    assert err == "front.mp4 could not be checked. Film from the side.\n"
    status, out, err = command("check", "--quiet", *clips("clean.mp4"), "--json", "-")
    assert (status, err) == (0, "")
    assert json.loads(out)["clips"][0]["status"] == "clean"


def test_an_svg_holds_the_table_and_calls_nobody(command, clips, tmp_path):
    target = tmp_path / "verdict.svg"
    status, _, _ = command("check", *clips("squat.mp4"), "--svg", target)
    picture = target.read_text("utf-8")
    assert status == 1
    assert picture.startswith("<svg")
    assert "squat.mp4" in picture
    assert "@font-face" not in picture
    assert "url(http" not in picture.replace('"', "")


@pytest.mark.parametrize("option", ["--json", "--svg"])
def test_an_unwritable_output_is_found_before_the_work(
    command, clips, tmp_path, monkeypatch, option
):
    monkeypatch.setattr(
        "hinge_dowel.batch.runner.check_many", lambda *_, **__: pytest.fail("worked")
    )
    squat = clips("squat.mp4")
    for target, told in (
        (tmp_path / "missing" / "file", f"create the folder {tmp_path / 'missing'} first"),
        (tmp_path, "it is a folder"),
        (Path(squat[0]) / "file", "choose another place"),
    ):
        status, out, err = command("check", *squat, option, target)
        assert (status, out) == (2, "")
        assert told in err
        assert_one_sentence(err)


def test_a_device_is_written_to_and_not_replaced(command, clips):
    status, _, _ = command("check", *clips("clean.mp4"), "--json", os.devnull)
    assert status == 0
    assert Path(os.devnull).is_char_device()


def test_a_link_to_results_stays_a_link(command, clips, tmp_path):
    real = tmp_path / "real.json"
    real.write_text("old")
    link = tmp_path / "link.json"
    link.symlink_to(real)
    assert command("check", *clips("clean.mp4"), "--json", link)[0] == 0
    assert link.is_symlink()
    assert json.loads(real.read_text("utf-8"))["schema"] == 1


def test_colour_is_for_those_who_want_it(command, clips, monkeypatch):
    squat = clips("squat.mp4")
    red = "\x1b[1;31m"
    assert "\x1b" not in command("check", *squat)[1]
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    assert red in command("check", *squat)[1]
    assert "31m" not in command("check", "--no-color", *squat)[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "31m" not in command("check", *squat)[1]


def test_clips_are_named_from_the_folder_that_was_given(command, clips, tmp_path):
    clips("set/mon/clean.mp4", "set/tue/clean.mp4", "other/clean.mp4")
    _, out, _ = command("check", tmp_path / "set", tmp_path / "other" / "clean.mp4", "--json", "-")
    assert [clip["clip"] for clip in json.loads(out)["clips"]] == [
        "mon/clean.mp4",
        "tue/clean.mp4",
        "clean.mp4",
    ]


def test_clips_that_would_share_a_name_keep_their_whole_path():
    paths = [Path("a/x.mp4"), Path("b/x.mp4"), Path("b/y.mp4")]
    assert named_clips.clip_names(paths) == ["a/x.mp4", "b/x.mp4", "y.mp4"]


# -- worker processes ----------------------------------------------------------------------------


def check(paths, **options):
    return list(runner.check_many([Path(path) for path in paths], **options))


def test_verdicts_come_in_the_order_of_the_clips_and_shares_are_told(clips):
    told = []
    found = check(
        clips("slow_clean.mp4", "squat.mp4", "front.mp4"),
        jobs=2,
        progress=lambda index, share, doing: told.append((index, share)),
    )
    assert [verdict.clip for verdict in found] == ["slow_clean.mp4", "squat.mp4", "front.mp4"]
    assert [verdict.status for verdict in found] == ["clean", "faulty", "unusable"]
    assert (0, 0.5) in told
    assert {index for index, share in told if share == 1.0} == {0, 1, 2}


def test_one_failing_clip_never_stops_the_others(clips):
    damaged, bug, squat = check(clips("damaged.mp4", "bug.mp4", "squat.mp4"), jobs=1)
    assert (damaged.status, bug.status, squat.status) == ("unusable", "unusable", "faulty")
    assert damaged.reason == "damaged.mp4 is not a video that can be read: save it again as MP4."
    assert "(ZeroDivisionError: division by zero); please report" in bug.reason


def test_what_fails_for_every_clip_is_raised(clips):
    with pytest.raises(ModelError, match="pose model is missing"):
        check(clips("nomodel.mp4", "clean.mp4"), jobs=1)


def start(*arguments, **options):
    program = (
        "import sys; from support import outcomes; sys.exit(outcomes.main_with_fakes(sys.argv[1:]))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_workers_end_with_the_command(clips, number):
    (path,) = clips("endless.mp4")
    note = Path(path).with_suffix(".pid")
    with start("check", path) as process:
        assert within(120, lambda: note.exists() and note.read_text())
        process.send_signal(number)
        out, err = process.communicate(timeout=120)
    if number == signal.SIGINT:
        assert (process.returncode, out, err) == (130, "", "hinge-dowel: interrupted.\n")
    assert within(60, lambda: gone(int(note.read_text())))


def workers_of(process):
    """The worker processes of a command, as long as it runs."""
    try:
        return psutil.Process(process.pid).children()
    except psutil.NoSuchProcess:
        return []


def test_ctrl_c_on_a_terminal_is_quiet_even_while_workers_load(clips):
    with start("check", *clips("endless.mp4"), start_new_session=True) as process:
        assert within(120, lambda: workers_of(process))
        workers = workers_of(process)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=120)
    assert (process.returncode, out, err) == (130, "", "hinge-dowel: interrupted.\n")
    assert within(60, lambda: all(gone(worker.pid) for worker in workers))


def test_a_reader_that_hangs_up_is_no_error():
    with start("tolerances") as process:
        process.stdout.close()
        assert process.wait(30) == 141
        assert process.stderr.read() == ""


def test_what_standard_output_cannot_show_is_spelt(monkeypatch):
    screen = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", screen)
    assert cli.main(["guide", "accuracy"]) == 0
    assert b"degrees" in (told := screen.buffer.getvalue())
    assert b"\\xb0 |" in told


def test_closed_streams_are_no_error(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert cli.main(["guide", "plan"]) == 0
    assert cli.main(["guide", "nothing"]) == 2
    sys.stdout.close()
    sys.stderr.close()


def test_names_in_sentences_cannot_steer_the_terminal(capsys):
    console.tell("a\x1b[2J\n\u202eü.mp4 could not be checked.")
    assert capsys.readouterr().err == "a\\x1b[2J\\n\\u202eü.mp4 could not be checked.\n"


@pytest.mark.parametrize("arguments", [["tolerances"], ["tolerances", "--toml"], ["--help"]])
def test_a_full_disk_is_one_sentence(arguments):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "hinge_dowel", *arguments],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert "Cannot write to standard output: No space left on device" in done.stderr
    assert_one_sentence(done.stderr)


def test_the_command_starts_without_the_heavy_libraries():
    program = (
        "import sys\nfrom hinge_dowel.cli import main\nmain(['chek'])\n"
        "print(*{'numpy', 'scipy', 'rich', 'av', 'mediapipe'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "\n"


@pytest.mark.parametrize(
    ("asked", "known"),
    [("check", ("check",)), ("completion", cli.COMMANDS), ("chekc", cli.COMMANDS)],
)
def test_only_the_command_that_is_asked_for_is_loaded(asked, known):
    loaded = cli._parser(asked).format_help()
    assert [name for name in cli.COMMANDS if f"  {name} " in loaded] == list(known)
