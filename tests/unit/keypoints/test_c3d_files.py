"""C3D: the same markers as in TRC, and damaged files."""

from __future__ import annotations

import numpy as np
import pytest
from support.laboratory import (
    HINGE,
    RATE,
    VICON,
    faults,
    markers,
    renamed,
    write_c3d,
    write_trc,
)

from hinge_dowel import check_clip
from hinge_dowel.errors import ClipError
from hinge_dowel.keypoints import readers


def test_c3d_is_trc(tmp_path):
    named = {name: places.copy() for name, places in renamed(VICON).items()}
    for name, lost in (("LASI", slice(90, 150)), ("C7", slice(200, 230)), ("RKNE", slice(40))):
        named[name][lost] = np.nan
    ours = check_clip(write_c3d(tmp_path / "a.c3d", named))
    theirs = check_clip(write_trc(tmp_path / "a.trc", named))
    assert faults(ours) == faults(theirs)
    for one, other in zip(ours.reps, theirs.reps, strict=True):
        assert one.bottom_s == pytest.approx(other.bottom_s, abs=0.005)
        assert one.spinal_flexion_deg == pytest.approx(other.spinal_flexion_deg, abs=0.1)


def test_damaged_c3d_is_one_sentence(tmp_path):
    path = write_c3d(tmp_path / "a.c3d", renamed(VICON, markers([HINGE], seconds=0.5, still=0.1)))
    whole, rng = path.read_bytes(), np.random.default_rng(4)
    said = []
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(4):
            data[rng.integers(600)] = rng.integers(256)
        path.write_bytes(data[: rng.integers(1, len(data))])
        try:
            readers.read(path)
        except ClipError as error:
            said.append(str(error))
    assert len(said) > 5
    assert all("a.c3d" in sentence and "\n" not in sentence for sentence in said)


PC, DEC, SGI = 84, 85, 86


def packed(named, processor=PC, *, whole=False, beside=0, said=None, twice=False, labelled=True):
    """Return a C3D file of `named`, name -> (T, 3) in metres, as a processor writes it.

    `beside` analog numbers go with each frame, of which the header says that they are `said`;
    `twice`: a parameter is there two times, as Vicon's Nexus writes some.
    """
    order = ">" if processor == SGI else "<"

    def reals(values):
        data = np.asarray(values, dtype=order + "f4")
        if processor != DEC:
            return data.tobytes()
        return np.frombuffer((data * 4).tobytes(), "<u2").reshape(-1, 2)[:, ::-1].tobytes()

    def integers(values, kind="u2"):
        return np.asarray(values, dtype=order + kind).tobytes()

    def parameter(group, name, kind, sizes, data):
        body = bytes([kind % 256, len(sizes), *sizes]) + data
        return bytes([len(name), group]) + name.encode() + integers([len(body) + 2]) + body

    def group(number, name):
        return bytes([len(name), 256 - number]) + name.encode() + integers([3]) + b"\0"

    seen = np.stack(list(named.values()), axis=1) * 1000
    scale = 0.1 if whole else -0.1
    cells = np.zeros((*seen.shape[:2], 4))
    cells[..., :3] = np.nan_to_num(seen) / (scale if whole else 1)
    cells[..., 3] = np.where(np.isnan(seen).any(axis=2), -1, 0)
    rows = np.concatenate([cells.reshape(len(cells), -1), np.ones((len(cells), beside))], axis=1)
    wide = max(map(len, named))
    parts = [group(1, "POINT"), group(2, "ANALOG"), parameter(1, "SCALE", 4, [], reals([scale]))]
    parts += [parameter(1, "RATE", 4, [], reals([RATE]))]
    parts += [parameter(2, "USED", 2, [], integers([beside]))]
    parts += [parameter(2, "RATE", 4, [], reals([RATE]))] * (2 if twice else 1)
    names = list(named) if labelled else []
    for number, some in ((1, names[:20]), (2, names[20:])):
        text = "".join(name.ljust(wide) for name in some).encode()
        label = "LABELS" if number == 1 else "LABELS2"
        parts += [parameter(1, label, -1, [wide, len(some)], text)] if some else []
    told = b"".join(parts) + b"\0\0"
    blocks = len(told) // 512 + 1
    said = beside if said is None else said
    header = bytes([2, 80]) + integers([len(named), said, 1, len(seen), 10]) + reals([scale])
    header += integers([2 + blocks, 1]) + reals([RATE])
    frames = integers(np.round(rows), "i2") if whole else reals(rows)
    return (
        header.ljust(512, b"\0")
        + (bytes([1, 80, blocks, processor]) + told).ljust(512 * blocks, b"\0")
        + frames.ljust(-(-len(frames) // 512) * 512, b"\0")
    )


@pytest.mark.parametrize("processor", [PC, DEC, SGI])
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize(
    "other", [{}, {"twice": True}, {"beside": 24}, {"beside": 24, "said": 4}, {"said": 24}]
)
def test_whoever_wrote_it(tmp_path, processor, whole, other):
    """Numbers of any processor, parameters twice, and sizes that are not what the header says."""
    named = {name: places[:40].copy() for name, places in renamed(VICON).items()}
    named["LASI"][5:9] = np.nan
    path = tmp_path / "b.c3d"
    path.write_bytes(packed(named, processor, whole=whole, **other))
    theirs = readers.read(path)
    ours = readers.read(write_c3d(tmp_path / "a.c3d", named))
    assert theirs.about.fps == pytest.approx(ours.about.fps)
    np.testing.assert_allclose(theirs.places, ours.places, atol=0.2, equal_nan=True)
    np.testing.assert_allclose(
        theirs.anatomy.pelvis_deg, ours.anatomy.pelvis_deg, atol=0.2, equal_nan=True
    )


def test_markers_without_names_are_told(tmp_path):
    path = tmp_path / "a.c3d"
    path.write_bytes(packed(renamed(VICON), labelled=False))
    with pytest.raises(ClipError, match=r"^a\.c3d holds no markers with names: label them"):
        readers.read(path)
