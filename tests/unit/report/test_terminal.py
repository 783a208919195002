"""What a person sees, line by line: recorded screens at several widths, and the files."""
# ruff: noqa: RUF001

import dataclasses
import io
import itertools

import pytest

from hinge_dowel.exercises import cues
from hinge_dowel.report import terminal
from hinge_dowel.tolerances import DEFAULT
from hinge_dowel.verdict import Rep, Strays, Verdict


def rep(number, *, faults=(), notes=(), spine=6.0, neck=1.0, knee=24.0, stray=(0.3, 0.2, 0.4)):
    bottom_s = 4.0 * number - 0.9
    return Rep(
        number=number,
        start_s=bottom_s - 1.5,
        bottom_s=bottom_s,
        end_s=bottom_s + 1.6,
        hip_flexion_deg=71.0,
        knee_flexion_deg=knee,
        shin_angle_deg=4.0,
        spinal_flexion_deg=spine,
        cervical_flexion_deg=neck,
        stray_cm=Strays(*stray),
        faults=faults,
        notes=notes,
    )


CLEAN = Verdict(
    "clean.mp4",
    "clean",
    facing="right",
    view_angle_deg=4.2,
    neutral="measured",
    reps=(rep(1), rep(2)),
)
MIXED = Verdict(
    "monday/mixed.mp4",
    "faulty",
    facing="left",
    view_angle_deg=17.2,
    neutral="measured",
    faults=("spinal_flexion", "cervical_flexion"),
    reps=(
        rep(1),
        rep(2, faults=("spinal_flexion",), spine=38.2, stray=(0.1, 0.3, 4.8)),
        rep(3, spine=14.0, stray=(0.1, 0.3, 2.8)),
        rep(
            4,
            faults=("spinal_flexion", "cervical_flexion"),
            notes=("too_deep",),
            spine=31.0,
            neck=27.4,
            stray=(3.9, 0.0, 4.0),
        ),
        rep(5, notes=("shallow", "too_fast")),
    ),
    warnings=("The camera stands 17 degrees from side-on: set it square to your side.",),
)
SQUAT = Verdict(
    "squat.mp4",
    "faulty",
    facing="left",
    view_angle_deg=2.2,
    neutral="assumed",
    faults=("squatting",),
    reps=(rep(1, faults=("squatting",), notes=("partial",), knee=96.0, stray=(None, 5.1, 0.2)),),
)
FRONT = Verdict(
    "front.mp4",
    "unusable",
    "The camera sees the person from the front (62 degrees from side-on): film from the side.",
)


class Terminal(io.StringIO):
    """A file that says it is a terminal."""

    def isatty(self):
        return True


def seen(verdicts, width=80, encoding="utf-8", **options):
    """The screen as text, without the blanks that tables leave at the end of lines."""
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding)
    console = terminal.console_for(file)
    console.width = width
    terminal.render(verdicts, console, **options)
    file.flush()
    text = raw.getvalue().decode(encoding)
    assert all(len(line) <= width for line in text.splitlines())
    return "".join(line.rstrip() + "\n" for line in text.splitlines())


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM"):
        monkeypatch.delenv(name, raising=False)


def test_many_clips_are_summed_up_and_those_not_checked_told():
    clips = [dataclasses.replace(CLEAN, clip=f"{n:02d}.mp4") for n in range(terminal.MOST_CLIPS)]
    front = Verdict("front.mp4", "unusable", reason="Film from the side.")
    few, many = seen(clips), seen([*clips, front])
    assert "00.mp4 ────" in few
    assert "00.mp4 ────" not in many
    assert "front.mp4 ────" in many
    assert "Film from the side." in many
    assert "00.mp4     clean " in many
    assert "25 clips: 24 clean, 1 could not be checked; 48 reps, 48 clean" in many


AT_80 = """\
clean.mp4 ──────────────────────────────────────────────────────────────────────
Clean. Head, upper back and sacrum stayed on the dowel in both reps.
Judged as a hip hinge with a dowel, facing right, camera 4° from side-on,
compared with your own standing

rep  bottom  head  upper back  sacrum  angle
  1   3.1 s  ●     ●           ●       spine   6°
  2   7.1 s  ●     ●           ●       spine   6°

monday/mixed.mp4 ───────────────────────────────────────────────────────────────
Faulty. Rounded back in 2 of 5 reps, chin to chest in 1.
Judged as a hip hinge with a dowel, facing left, camera 17° from side-on,
compared with your own standing
! The camera stands 17 degrees from side-on: set it square to your side.

rep  bottom  head      upper back  sacrum    angle       cue
  1   3.1 s  ●         ●           ●         spine   6°
  2   7.1 s  ●         ●           ╳ 4.8 cm  spine  38°  brace, chest long
  3  11.1 s  ●         ●           ◐         spine  14°
  4  15.1 s  ╳ 3.9 cm  ●           ╳ 4.0 cm  spine  31°  brace, chest long
                                             neck   27°  chin back, neck long
  5  19.1 s  ●         ●           ●         spine   6°  too shallow
                                                         too fast

→ Rounded back (reps 2, 4): the sacrum leaves the dowel. Brace your belly, keep
  the chest long and push the hips back. Stop where you feel the hamstrings
  stretch.
→ Chin to chest (rep 4): the head leaves the dowel. Slide the chin back until
  the back of the head is on the dowel again. Let the eyes follow the floor as
  you go down.
· Too deep (rep 4). Come up again a little higher, before a place leaves the
  dowel.
· Too shallow (rep 5). Push the hips further back, until the hamstrings stretch.
· Too fast (rep 5). Slow down: about four seconds for each rep.

squat.mp4 ──────────────────────────────────────────────────────────────────────
Faulty. Squatting in the only half rep.
Judged as a hip hinge with a dowel, facing left, camera 2° from side-on, no
standing seen, a typical one assumed

rep  bottom  head  upper back  sacrum  knees  angle       cue
  1   3.1 s  ?     ╳ 5.1 cm    ●       ╳      knee   96°  hips back, not down

→ Squatting (rep 1): the knees bend too much. Knees soft, shins upright. Send
  the hips back, not down, as if shutting a car door behind you.
· Half a rep seen (rep 1). Only the way down or the way up is in the clip;
  judged on what is seen.

front.mp4 ──────────────────────────────────────────────────────────────────────
Not checked. The camera sees the person from the front (62 degrees from
side-on): film from the side.

● on the dowel   ◐ borderline, maybe off   ╳ off, or bent too much   ? not seen

clip              verdict        reps  clean  faults
clean.mp4         clean             2      2
monday/mixed.mp4  faulty            5      3  rounded back
                                              chin to chest
squat.mp4         faulty       1 half      -  squatting
front.mp4         not checked       -      -

4 clips: 1 clean, 2 faulty, 1 could not be checked; 7 reps, 5 clean; 1 half rep
not counted
"""

AT_60 = """\
monday/mixed.mp4 ───────────────────────────────────────────
Faulty. Rounded back in 2 of 5 reps, chin to chest in 1.
Judged as a hip hinge with a dowel, facing left, camera 17°
from side-on, compared with your own standing
! The camera stands 17 degrees from side-on: set it square
  to your side.

rep  bottom  head      upper back  sacrum    angle
  1   3.1 s  ●         ●           ●         spine   6°
  2   7.1 s  ●         ●           ╳ 4.8 cm  spine  38°
  3  11.1 s  ●         ●           ◐         spine  14°
  4  15.1 s  ╳ 3.9 cm  ●           ╳ 4.0 cm  spine  31°
                                             neck   27°
  5  19.1 s  ●         ●           ●         spine   6°

→ Rounded back (reps 2, 4): the sacrum leaves the dowel.
  Brace your belly, keep the chest long and push the hips
  back. Stop where you feel the hamstrings stretch.
→ Chin to chest (rep 4): the head leaves the dowel. Slide
  the chin back until the back of the head is on the dowel
  again. Let the eyes follow the floor as you go down.
· Too deep (rep 4). Come up again a little higher, before a
  place leaves the dowel.
· Too shallow (rep 5). Push the hips further back, until the
  hamstrings stretch.
· Too fast (rep 5). Slow down: about four seconds for each
  rep.

● on the dowel   ◐ borderline, maybe off   ╳ off (gap)
"""

AT_120 = """\
squat.mp4 ──────────────────────────────────────────────────────────────────────────────────────────
Faulty. Squatting in the only half rep.
Judged as a hip hinge with a dowel, facing left, camera 2° from side-on, no standing seen, a typical
one assumed

rep  bottom  head  upper back  sacrum  knees  angle       cue
  1   3.1 s  ?     ╳ 5.1 cm    ●       ╳      knee   96°  hips back, not down

→ Squatting (rep 1): the knees bend too much. Knees soft, shins upright. Send the hips back, not
  down, as if shutting a car door behind you.
· Half a rep seen (rep 1). Only the way down or the way up is in the clip; judged on what is seen.

● on the dowel   ╳ off, or bent too much   ? not seen
"""

IN_ASCII = """\
monday/mixed.mp4 ---------------------------------------------------------------
Faulty. Rounded back in 2 of 5 reps, chin to chest in 1.
Judged as a hip hinge with a dowel, facing left, camera 17 degrees from side-on,
compared with your own standing
! The camera stands 17 degrees from side-on: set it square to your side.

rep  bottom  head      upper back  sacrum    degrees     cue
  1   3.1 s  o         o           o         spine    6
  2   7.1 s  o         o           X 4.8 cm  spine   38  brace, chest long
  3  11.1 s  o         o           ~         spine   14
  4  15.1 s  X 3.9 cm  o           X 4.0 cm  spine   31  brace, chest long
                                             neck    27  chin back, neck long
  5  19.1 s  o         o           o         spine    6  too shallow
                                                         too fast

> Rounded back (reps 2, 4): the sacrum leaves the dowel. Brace your belly, keep
  the chest long and push the hips back. Stop where you feel the hamstrings
  stretch.
> Chin to chest (rep 4): the head leaves the dowel. Slide the chin back until
  the back of the head is on the dowel again. Let the eyes follow the floor as
  you go down.
- Too deep (rep 4). Come up again a little higher, before a place leaves the
  dowel.
- Too shallow (rep 5). Push the hips further back, until the hamstrings stretch.
- Too fast (rep 5). Slow down: about four seconds for each rep.

front.mp4 ----------------------------------------------------------------------
Not checked. The camera sees the person from the front (62 degrees from
side-on): film from the side.

o on the dowel   ~ borderline, maybe off   X off (gap)

clip              verdict      reps  clean  faults
monday/mixed.mp4  faulty          5      3  rounded back
                                            chin to chest
front.mp4         not checked     -      -

2 clips: 1 faulty, 1 could not be checked; 5 reps, 3 clean
"""


@pytest.mark.parametrize(
    ("verdicts", "options", "expected"),
    [
        ([CLEAN, MIXED, SQUAT, FRONT], {}, AT_80),
        ([MIXED], {"width": 60}, AT_60),
        ([SQUAT], {"width": 120}, AT_120),
        ([MIXED, FRONT], {"encoding": "ascii"}, IN_ASCII),
    ],
    ids=["80", "60", "120", "ascii"],
)
def test_the_screen_is_as_recorded(verdicts, options, expected):
    assert seen(verdicts, **options).splitlines() == expected.splitlines()


@pytest.mark.parametrize("width", [30, 40, 50, 71, 72, 200])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_no_width_or_encoding_breaks_the_screen(width, encoding):
    text = seen([CLEAN, MIXED, SQUAT, FRONT], width, encoding)
    assert "4 clips: 1" in text
    assert ("…" in text or "●" in text) == (encoding == "utf-8")


def test_a_dumb_terminal_gets_no_escape_codes_and_lines_of_its_width(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    file = Terminal()
    terminal.render([MIXED], terminal.console_for(file))
    assert "\x1b" not in file.getvalue()
    monkeypatch.setenv("COLUMNS", "50")
    narrow = Terminal()
    terminal.render([MIXED], terminal.console_for(narrow))
    assert max(map(len, narrow.getvalue().splitlines())) <= 50
    monkeypatch.setenv("TERM", "xterm")
    file = Terminal()
    terminal.render([MIXED], terminal.console_for(file))
    assert "\x1b[1;31mFaulty.\x1b[0m" in file.getvalue()


def test_names_from_outside_cannot_write_on_the_terminal():
    name = "[red]:smile: \x1b[2J\nü\udcff.mp4"
    text = seen([Verdict(name, "unusable", "Why not.")])
    assert text.startswith("[red]:smile: \\x1b[2J\\nü\\udcff.mp4 ─")
    assert seen([Verdict(name, "unusable", "Why not.")], encoding="ascii").startswith(
        "[red]:smile: \\x1b[2J\\n\\xfc\\udcff.mp4 -"
    )


def test_a_long_name_keeps_its_end():
    long = Verdict("folder/" * 20 + "squat.mp4", "unusable", "Why not.")
    lines = seen([CLEAN, long], 60).splitlines()
    heading = next(line for line in lines if "squat.mp4 ─" in line)
    row = next(line for line in lines if "squat.mp4  not checked" in line)
    assert heading.startswith("…")
    assert row.startswith("…")


@pytest.mark.parametrize(
    ("faults", "notes", "stray_cm", "expected"),
    [
        ((), (), 0.4, "●"),
        ((), (), -3.0, "●"),
        ((), (), DEFAULT.upper_back_stray_cm, "◐"),
        ((), ("unsure_spine",), 0.4, "◐"),
        ((), ("unsure_head",), 0.4, "●"),
        ((), (), None, "?"),
        (("spinal_flexion",), (), 4.81, "╳ 4.8 cm"),
        (("spinal_flexion",), (), 0.2, "╳"),
        (("spinal_flexion",), (), None, "╳"),
        (("squatting",), (), 0.4, "●"),
    ],
)
def test_the_light_of_the_sacrum(faults, notes, stray_cm, expected):
    one = rep(1, faults=faults, notes=notes, stray=(0.0, 0.0, stray_cm))
    status = "faulty" if faults else "clean"
    lines = seen([Verdict("a.mp4", status, faults=faults, reps=(one,))]).splitlines()
    heads, row = next((a, b) for a, b in itertools.pairwise(lines) if a.startswith("rep "))
    after = "knees" if "knees" in heads else "angle"
    where = slice(heads.index("sacrum"), heads.index(after))
    assert row[where].strip() == expected


def test_every_note_is_told_and_an_unknown_one_shown_as_it_is():
    text = seen([Verdict("a.mp4", "clean", reps=(rep(1, notes=(*cues.NOTES, "new_key")),))], 100)
    for note in cues.NOTES.values():
        assert f"{note.label}\n" in text
        assert f"{note.label[1:]} (rep 1). {note.sentence[:20]}" in text
    assert "· New key (rep 1).\n" in text


@pytest.mark.parametrize(
    ("start_s", "end_s", "expected"),
    [
        (1.6, 4.7, "1.6-4.7 s"),
        (1.6, None, "from 1.6 s"),
        (None, 4.7, "to 4.7 s"),
        (None, None, "?"),
    ],
)
def test_a_rep_without_a_bottom_is_timed_by_its_ends(start_s, end_s, expected):
    one = Rep(1, start_s, None, end_s, None, None, None, None, None, Strays(0.0, 0.0, 0.0))
    lines = seen([Verdict("a.mp4", "clean", reps=(one,))]).splitlines()
    (row,) = [i for i, line in enumerate(lines) if line.split()[:2] == ["rep", "time"]]
    assert lines[row + 1].startswith(f"  1  {expected:>4}")
    assert lines[row + 1].endswith("spine    ?")


def test_what_was_out_of_sight_is_not_called_touching():
    text = seen([Verdict("a.mp4", "clean", reps=(rep(1, stray=(None, 0.0, 0.0)),))])
    assert "Clean. No fault seen in the only rep; what is marked ? was out of sight." in text


def test_halves_and_maybes_are_counted_apart():
    doubtful = dataclasses.replace(
        rep(3, faults=("spinal_flexion",)), intervals_deg={"spinal_flexion_deg": (5.0, 85.0)}
    )
    reps = (rep(1), rep(2, faults=("spinal_flexion",)), doubtful, rep(4, notes=("partial",)))
    told = terminal.counts([Verdict("a.mp4", "faulty", faults=("spinal_flexion",), reps=reps)])
    assert told == "1 clip: 1 faulty; 3 reps, 1 clean, 1 maybe faulty; 1 half rep not counted"


def test_counts_say_only_what_there_is():
    assert terminal.counts([CLEAN]) == "1 clip: 1 clean; 2 reps, 2 clean"
    assert terminal.counts([FRONT, FRONT]) == "2 clips: 2 could not be checked; 0 reps, 0 clean"


def test_a_maybe_has_another_colour_and_another_word_than_a_sure_fault(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")

    def shown(interval):
        one = dataclasses.replace(
            rep(1, faults=("spinal_flexion",), spine=18.0, stray=(0.1, 0.3, 4.8)),
            intervals_deg={"spinal_flexion_deg": interval},
        )
        found = Verdict("a.mp4", "faulty", faults=("spinal_flexion",), reps=(one, rep(2)))
        file = Terminal()
        console = terminal.console_for(file)
        console.width = 80
        terminal.render([found], console)
        return file.getvalue()

    red, yellow = "\x1b[1;31m", "\x1b[1;33m"
    sure, maybe = shown((9.0, 27.0)), shown((5.0, 31.0))
    assert f"{red}Faulty." in sure
    assert "Rounded back in 1 of 2 reps." in sure
    assert "maybe" not in sure.lower().replace("maybe off", "")
    assert f"{yellow}Maybe faulty." in maybe
    assert "Maybe rounded back in 1 of 2 reps." in maybe
    assert "31m" not in maybe


def test_a_squat_is_told_by_knees_and_ratio_and_not_by_a_back_that_touches():
    one = dataclasses.replace(
        rep(1, faults=("squatting",), knee=96.0, stray=(0.1, 0.4, 0.2)), hip_knee_ratio=1.12
    )
    text = seen([Verdict("a.mp4", "faulty", faults=("squatting",), reps=(one,))])
    row = next(line for line in text.splitlines() if line.startswith("  1 "))
    assert row.split()[3:7] == ["●", "●", "●", "╳"]
    assert "hip:knee 1.1" in text
    assert "the knees bend too much" in text
    assert "upper back leaves" not in text
    lift = dataclasses.replace(one, thigh_above_level_deg=-3.4)
    text = seen([Verdict("a.mp4", "faulty", faults=("squatting",), reps=(lift,))])
    assert " ".join(text.split()).count("thigh -3° ") == 1
    assert "96°" not in text


def test_a_proposed_command_is_never_broken_into_lines():
    file = Terminal()
    console = terminal.console_for(file)
    console.width = 40
    command = "python -m hinge_dowel check 'a clip.mp4' --out report --open"
    terminal.hint("Try:", command, console)
    assert f"  {command}\n" in file.getvalue()


@pytest.mark.parametrize(
    ("reps", "head"),
    [
        ([rep(1, notes=("too_fast",)), rep(2)], "note"),
        ([rep(1, notes=("too_fast",)), rep(2, faults=("squatting",))], "cue"),
        ([rep(1), rep(2)], None),
    ],
)
def test_notes_alone_are_not_called_cues(reps, head):
    told = seen([dataclasses.replace(CLEAN, reps=tuple(reps)).with_reps(tuple(reps))])
    (heads,) = [line.split() for line in told.splitlines() if line.startswith("rep ")]
    assert (heads[-1] if heads[-1] in ("cue", "note") else None) == head


def test_a_remark_and_a_person_are_told():
    found = dataclasses.replace(CLEAN, who="An\x1b[31mna", note="week 2")
    assert "An\\x1b[31mna: week 2" in seen([found])


def test_names_in_the_summary_have_the_room_that_is_left_and_one_line() -> None:
    """Half reps take more of it than whole ones."""
    name = "a-name-" * 9 + ".mp4"
    lines = seen([dataclasses.replace(SQUAT, clip=name), CLEAN], 80).splitlines()
    (row,) = [line for line in lines if line.startswith("…")]
    assert len(row.rstrip()) == 80
    assert ".mp4  faulty   1 half      -  squatting" in row
