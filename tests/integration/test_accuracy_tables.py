"""The statistics behind tests/accuracy/RESULTS.md, on numbers that can be worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from accuracy import baselines, clips, conditions, figures, film, measure, seen, tables

from hinge_dowel.analysis.pipeline import Record
from hinge_dowel.verdict import Rep, Strays, Verdict

# Figures


def test_agreement_in_closed_form() -> None:
    a = figures.agreement([11, 9, 13, 7], [10, 10, 10, 10])
    sd = math.sqrt(20 / 3)
    assert (a.count, a.mae, a.bias) == (4, 2.0, 0.0)
    assert a.rmse == pytest.approx(math.sqrt(5))
    assert (a.low, a.high) == (pytest.approx(-1.96 * sd), pytest.approx(1.96 * sd))


def test_agreement_tells_over_from_under() -> None:
    a = figures.agreement([5.0, 7.0], [2.0, 2.0])
    assert (a.bias, a.mae) == (4.0, 4.0)
    assert (a.low, a.high) == (pytest.approx(4 - 1.96 * 2**0.5), pytest.approx(4 + 1.96 * 2**0.5))


def test_what_is_unknown_is_left_out() -> None:
    a = figures.agreement([1.0, np.nan, 3.0], [0.0, 0.0, np.nan])
    assert (a.count, a.mae) == (1, 1.0)
    assert math.isnan(a.low)
    assert figures.agreement([np.nan], [0.0]).count == 0


@pytest.mark.parametrize(
    ("fault", "angle", "shin", "expected"),
    [
        ("spinal_flexion", 20.0, np.nan, True),
        ("spinal_flexion", 19.9, np.nan, None),
        ("spinal_flexion", 8.0, np.nan, False),
        ("spinal_flexion", -30.0, np.nan, False),
        ("cervical_flexion", 8.1, np.nan, None),
        ("squatting", 60.0, 10.1, True),
        ("squatting", 90.0, 10.0, None),
        ("squatting", 59.0, 30.0, None),
        ("squatting", 30.0, 30.0, False),
    ],
)
def test_grades(fault: str, angle: float, shin: float, expected: bool | None) -> None:
    assert figures.grade(fault, angle, shin) is expected


def test_precision_recall_and_f1() -> None:
    c = figures.counts(
        [True, True, True, False, False, None, None], [True, True, False, True, False, True, False]
    )
    assert (c.hit, c.missed, c.false, c.right) == (2, 1, 1, 1)
    assert (c.precision, c.recall, c.f1) == (2 / 3, 2 / 3, 2 / 3)
    assert math.isnan(figures.counts([False], [False]).f1)
    assert math.isnan(figures.counts([True], [False]).precision)


def test_confusion() -> None:
    true = [(), ("squatting",), ("squatting",), ("squatting", "spinal_flexion")]
    said = [(), ("squatting",), (), ("spinal_flexion",)]
    found = figures.confusion(true, said, tables.ORDER)
    assert found.sum() == 4
    assert found[0, 0] == 1
    assert found[2, 2] == 1
    assert found[2, 0] == 1
    assert found[4, 1] == 1


def test_coverage_counts_the_ends_as_inside() -> None:
    count, share, half = figures.coverage([1, 2, 5, np.nan], [1, 0, 6, 0], [3, 2, 8, 1])
    assert (count, share, half) == (3, pytest.approx(2 / 3), 1.0)
    assert figures.coverage([np.nan], [0.0], [1.0])[0] == 0


def test_the_nearest_pairs_are_matched_once() -> None:
    assert figures.match([1.0, 2.0], [1.9, 5.0], [1.5, 1.5]) == [(1, 0)]
    assert figures.match([1.0, 3.0], [3.2, 0.7], [1.0, 1.0]) == [(0, 1), (1, 0)]
    assert figures.match([1.0], [1.8], [0.5]) == []
    assert figures.match([], [1.0], []) == []
    assert figures.match([1.0], [], [0.5]) == []


def test_the_bootstrap_draws_whole_subjects() -> None:
    rows = [(0, 0.0)] * 50 + [(1, 1.0)] * 50

    def mean(some: list[tuple[int, float]]) -> float:
        return float(np.mean([v for _, v in some]))

    # Half of all draws are one subject twice: the interval is as wide as can be.
    assert figures.bootstrap(rows, lambda r: r[0], mean) == (0.0, 1.0)
    low, high = figures.bootstrap(rows, lambda r: r, mean)
    assert (low, high) == (0.0, 1.0)
    each = [(k, float(k % 2)) for k in range(400)]
    low, high = figures.bootstrap(each, lambda r: r[0], mean)
    # 400 subjects: a standard error of 0.025.
    assert (low, high) == (pytest.approx(0.45, abs=0.02), pytest.approx(0.55, abs=0.02))


def test_undefined_draws_of_the_bootstrap_are_left_out() -> None:
    assert figures.bootstrap([1, 2], lambda r: r, lambda some: 3.0 if 1 in some else np.nan) == (
        3.0,
        3.0,
    )
    assert all(map(math.isnan, figures.bootstrap([], id, len)))
    assert all(map(math.isnan, figures.bootstrap([1], id, lambda some: np.nan)))


# The obvious programs


def test_residuals_of_three_points_stand_in_one_ratio() -> None:
    """Spacings a and b: b : -(a + b) : a, whichever place moved."""
    straight = np.array([[0.0, 0.0], [0.0, 2.0], [0.0, 5.0]])
    moved = np.repeat(straight[None], 3, axis=0)
    for place in range(3):
        moved[place, place, 0] += 0.01
    found = baselines.residuals(moved)
    assert found / found[:, 2:] == pytest.approx(np.tile([1.5, -2.5, 1.0], (3, 1)), rel=1e-3)
    # Forward of a person who faces right is positive.
    assert found[1, 1] == pytest.approx(0.01 * (1 - 0.342) / 5, rel=0.01)
    assert [baselines.largest(row, 0.0) for row in found] == [("squatting",)] * 3


def test_a_residual_must_be_large_enough() -> None:
    assert baselines.largest(np.array([0.01, -0.03, 0.02]), 0.04) == ()
    assert baselines.largest(np.array([0.05, -0.03, 0.02]), 0.04) == ("cervical_flexion",)
    assert baselines.largest(np.array([np.nan, -0.03, 0.02]), 0.0) == ()


def test_the_best_threshold_calls_most_rightly() -> None:
    strays = [np.array([0.0, d, 0.0]) for d in (0.02, 0.03, 0.08, 0.09)]
    true = [[False, d, False] for d in (False, False, True, True)]
    assert 0.03 < baselines.best_threshold(strays, true) <= 0.08


def test_ridge_finds_a_linear_answer() -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(300, 4)) * [1, 10, 0.1, 1]
    answer = rows @ [3.0, 0.2, -5.0, 0.0] + 7
    rows[5, 2], answer[9] = np.nan, np.nan
    fit = baselines.fit_ridge(rows, answer, np.arange(300) // 20)
    told = fit(rows[20:])
    assert np.abs(told - answer[20:]).mean() < 0.05


# The clips


@pytest.fixture(scope="module")
def specs() -> list[clips.Spec]:
    return [clips.draw(n) for n in range(clips.CLIPS)]


def reps(specs: list[clips.Spec]) -> list[clips.Action]:
    return [a for s in specs for a in s.actions if a.move == "rep"]


def test_there_are_enough_subjects_and_repetitions(specs: list[clips.Spec]) -> None:
    assert len(specs) >= 60
    assert len(reps(specs)) >= 400
    judging = [s for s in specs if s.split == "judging"]
    assert len(judging) >= 50
    assert len({s.phenotype for s in specs}) == len(specs)


def test_every_condition_occurs(specs: list[clips.Spec]) -> None:
    judging = [s for s in specs if s.split == "judging"]
    for pick in (
        lambda s: s.look.hood_up,
        lambda s: s.look.hood,
        lambda s: s.look.shirt_loose_m > 0.02,
        lambda s: s.look.hair_style == "ponytail",
        lambda s: s.arms == "fold",
        lambda s: s.arms == "hips",
        lambda s: s.arms == "dowel",
        lambda s: s.camera.yaw_deg > 15,
        lambda s: s.camera.yaw_deg < -15,
        lambda s: s.camera.facing == "left",
        lambda s: s.camera.height_px > s.camera.width_px,
        lambda s: min(s.camera.width_px, s.camera.height_px) == 240,
        lambda s: min(s.camera.width_px, s.camera.height_px) == 1080,
        lambda s: s.fps <= 15,
        lambda s: s.fps == 60,
        lambda s: s.blur_s,
        lambda s: s.crf >= 34,
        lambda s: s.barrel,
        lambda s: s.bystanders,
        lambda s: s.passer_by,
        lambda s: not s.lead_s,
        lambda s: s.light.noise > 9,
        lambda s: s.light.gain < 0.6,
    ):
        assert sum(bool(pick(s)) for s in judging) >= 2
    assert {10, 60} <= {s.fps for s in judging}
    assert max(abs(s.camera.yaw_deg) for s in specs) <= 25


def test_no_angle_can_be_read_off_another(specs: list[clips.Spec]) -> None:
    """Spine and neck know nothing of each other, of legs, lean, tempo, arms or camera."""
    table = np.array(
        [
            (
                a.spinal_deg, a.cervical_deg, a.knee_deg, a.shin_deg, a.lean_deg,
                a.down_s + a.up_s, s.arms == "dowel", s.arms == "fold", s.look.shirt_loose_m,
                abs(s.camera.yaw_deg), s.camera.facing == "left",
            )
            for s in specs for a in s.actions if a.move == "rep"
        ],
        float,
    )  # fmt: skip
    related = np.corrcoef(table.T)
    # 508 repetitions: a standard error of 0.044.
    assert np.abs(related[:2, 2:]).max() < 0.15
    assert abs(related[0, 1]) < 0.15


def test_the_same_number_gives_the_same_clip() -> None:
    assert clips.draw(7) == clips.draw(7)
    assert film.key_of(clips.draw(7)) == film.key_of(clips.draw(7)) != film.key_of(clips.draw(8))


def test_movements_reach_their_angles_and_come_back(specs: list[clips.Spec]) -> None:
    for spec in specs[:12]:
        plan = film.Plan.of(spec)
        low = plan.marks_s[:, 1:3].mean(axis=1)
        at = film.changes(spec, plan, np.maximum(low, 0))
        for name, wanted in (("spinal", "spinal_deg"), ("knee", "knee_deg")):
            goal = np.array([getattr(a, wanted) for a in spec.actions])
            assert np.abs(at[name] - goal).max() < 1.5
        end = film.changes(spec, plan, np.array([plan.duration_s]))
        assert all(abs(float(v[0])) < 0.5 for v in end.values())
        assert plan.duration_s > plan.marks_s[-1, 3]


# Strays and pairing


def test_strays_from_a_straight_upper_back() -> None:
    along = np.array([0.0, 0.15, 0.3, 0.45, 0.6, 0.8, 1.0])
    standing = np.column_stack([np.zeros(7), 50 * (1 - along)])
    moved = standing.copy()
    moved[0, 0] += 4.0
    moved[-1, 0] += 2.5
    lean = np.radians(70.0)
    turn = np.array([[np.cos(lean), np.sin(lean)], [-np.sin(lean), np.cos(lean)]])
    found = film.plain_strays(np.stack([standing, moved, moved @ turn.T]), standing)
    assert found == pytest.approx(np.array([[0, 0], [4.0, 2.5], [4.0, 2.5]]), abs=1e-9)


def test_the_true_dowel_stays_on_a_back_that_only_leans() -> None:
    standing = np.column_stack([[1.0, 0, -2, -3, -1, 0, -1], [60.0, 50, 40, 30, 20, 10, 0]])
    lean = np.radians(50.0)
    turn = np.array([[np.cos(lean), np.sin(lean)], [-np.sin(lean), np.cos(lean)]])
    truth = {
        "neutral": {"points_cm": standing.tolist(), "thorax_deg": 5.0},
        "frames": {"points_cm": [(standing @ turn.T).tolist()], "thorax_deg": [55.0]},
    }
    found = measure.true_strays(truth)
    assert {k: float(v[0]) for k, v in found.items()} == pytest.approx(
        {"head": 0, "upper_back": 0, "sacrum": 0}, abs=1e-3
    )


def rep(bottom_s: float) -> Rep:
    return Rep(
        number=1,
        start_s=bottom_s - 1,
        bottom_s=bottom_s,
        end_s=bottom_s + 1,
        hip_flexion_deg=80.0,
        knee_flexion_deg=20.0,
        shin_angle_deg=0.0,
        spinal_flexion_deg=3.0,
        cervical_flexion_deg=None,
        stray_cm=Strays(0.0, 0.0, None),
        faults=(),
        notes=(),
    )


def test_repetitions_are_paired_by_their_bottoms() -> None:
    truth = {
        "reps": [
            {"start_s": None, "bottom_s": 0.0, "end_s": 1.0},
            {"start_s": 3.0, "bottom_s": 5.0, "end_s": 7.0},
        ]
    }
    verdict = Verdict("clip", "clean", reps=(rep(0.4), rep(3.2), rep(6.4)))
    assert measure.pair(truth, verdict) == {0: 0, 1: 2}


# Records


def record() -> Record:
    rng = np.random.default_rng(2)
    return Record(
        np.arange(4) / 15, rng.normal(size=(4, 33, 4)), rng.normal(size=(4, 88)), (64, 48)
    )


def test_a_record_comes_back_as_it_was(tmp_path: Path) -> None:
    path, was = tmp_path / "000.npz", record()
    seen.save(path, was, {"clip": "a"})
    loaded = seen.load(path)
    assert loaded is not None
    now, key = loaded
    assert key == {"clip": "a"}
    assert now.size_px == (64, 48)
    assert np.array_equal(now.landmarks, was.landmarks)
    seen.save(path, replace(was, outlines=None, size_px=None), {})
    bare = seen.load(path)
    assert bare is not None
    assert (bare[0].outlines, bare[0].size_px) == (None, None)


def test_a_record_is_used_again_while_clip_and_code_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, path = tmp_path / "a.task", tmp_path / "000.npz"
    model.write_bytes(b"a model")
    monkeypatch.setattr(seen.model_file, "locate", lambda: model)
    monkeypatch.setattr(seen, "sight_key", seen.sight_key.__wrapped__)
    key = {"clip": "a", "outline": seen.outline_key(), "observation": seen.sight_key()}
    assert not seen.watched(path, "a")
    seen.save(path, record(), key)
    assert seen.watched(path, "a")
    assert not seen.watched(path, "b")
    model.write_bytes(b"another model")
    assert not seen.watched(path, "a")
    assert seen.watched(path, "a", strict=False)


def test_a_record_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    path = tmp_path / "000.npz"
    assert seen.load(path) is None
    seen.save(path, record(), {})
    path.write_bytes(path.read_bytes()[:200])
    assert seen.load(path) is None


def test_the_outlines_key_changes_with_what_it_measures(monkeypatch: pytest.MonkeyPatch) -> None:
    before = seen.outline_key.__wrapped__()
    assert before == seen.outline_key.__wrapped__()
    real = seen.outline_rays
    monkeypatch.setattr(seen, "outline_rays", lambda *a: real(*a) * 1.001)
    assert seen.outline_key.__wrapped__() != before


# The tables


def test_numbers_in_cells() -> None:
    assert [tables.number(v) for v in (1.25, -0.04, np.nan, -3.0)] == ["1.2", "0.0", "-", "-3.0"]
    assert [tables.percent(v) for v in (0.5, 0.999, 1.0, np.nan)] == [
        "50 %",
        "99.9 %",
        "100 %",
        "-",
    ]


def test_tables_line_up() -> None:
    lines = tables.table(("", "MAE"), [("spine", "4.0"), ("neck", "12.5")]).splitlines()
    assert lines == ["|       |  MAE |", "| ----- | ---: |", "| spine |  4.0 |", "| neck  | 12.5 |"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1, "under 2 m"), (2, "2 to 5 m"), (4.9, "2 to 5 m"), (5, "5 and more m")],
)
def test_bands(value: float, expected: str) -> None:
    assert conditions.band(value, (2, 5), "m") == expected


def row(subject: int, spinal: float, found: float, said: bool, **more: object) -> measure.Row:
    true = dict.fromkeys(tables.NAMES, 0.0) | {"spinal_flexion_deg": spinal, "bottom_s": 1.0}
    angles = dict.fromkeys(tables.NAMES, 0.0) | {"spinal_flexion_deg": found}
    base = measure.Row(
        subject=subject,
        split="judging",
        yaw_deg=3.0,
        conditions=dict.fromkeys(
            ("arms", "shirt's fit", "hood", "hair", "camera's angle", "light", "lines", "faults"),
            "usual",
        ),
        true=true,
        graded={
            "spinal_flexion": figures.grade("spinal_flexion", spinal),
            "cervical_flexion": False,
            "squatting": False,
        },
        found=angles,
        assumed_cm=angles,
        intervals={"spinal_flexion_deg": (found - 5.0, found + 5.0)},
        faults=("spinal_flexion",) if said else (),
        late_s=0.1,
    )
    return replace(base, **more)


def test_the_report_says_what_the_rows_hold() -> None:
    rows = [
        row(1, 30.0, 26.0, True),
        row(1, 0.0, 2.0, False),
        row(2, 40.0, 30.0, False),
        row(2, 2.0, 18.0, True),
        replace(row(2, 3.0, 3.0, False), found={}, faults=()),
    ]
    clip = measure.Clip(1, "judging", {}, "faulty", None, True, -4.0, 6.0, "measured", (9.0,), 2)
    refused = replace(clip, number=2, status="unusable", reason="Too dark.", false_s=())
    text = tables.report([clip, refused], rows)
    a = tables.error(rows, "spinal_flexion_deg")
    assert (a.count, a.mae) == (4, 8.0)
    assert tables.cover(rows, "spinal_flexion_deg")[:2] == (5, 0.6)
    assert tables.told(rows, "spinal_flexion") == figures.Counts(1, 1, 1, 1)
    assert "| found " in text
    assert "80 %" in text
    assert "Not judged: 002: Too dark." in text
    assert "| spinal flexion " in text
    assert "8.00" in text
    lines = {line.split("|")[1].strip(): line for line in text.splitlines() if "|" in line}
    assert [c.strip() for c in lines["hinge-dowel: spinal flexion"].split("|")[2:9]] == [
        *("1", "1", "1", "1"),
        *("0.500", "0.500", "0.500"),
    ]
    # A row a table: every line of it has as many cells as its head.
    for block in text.split("\n\n"):
        if block.startswith("|"):
            assert len({line.count("|") for line in block.splitlines()}) == 1


def test_limits_elsewhere_are_counted_as_if_they_stood_there() -> None:
    rows = [row(1, 30.0, 15.0, False), row(2, 0.0, 11.0, False), row(3, 25.0, 30.0, True)]
    lines = [line.split("|") for line in tables.by_limit(rows).splitlines()]
    spine = dict(zip((c.strip() for c in lines[0]), (c.strip() for c in lines[2]), strict=True))
    assert spine["limit, degrees"] == "spinal flexion"
    assert spine["10"] == "0.800 (1, 0)"
    assert spine["12"] == spine["14"] == "1.000 (0, 0)"
    assert spine["16"] == "0.667 (0, 1)"
