"""Hard scenes that need other bodies and clothes than the samples have, rendered.

    python tests/robustness/subjects.py OUT_DIR

films, where it is not there yet, a child, long hair, a hood worn up, one that lies on the back,
and wide clothes: each twice, with clean and faulty repetitions. Needs the `subjects` extra.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "samples"))

import render  # noqa: E402
from bodies import Look, Mesh, Posture  # noqa: E402
from studio import Light  # noqa: E402

PEOPLE = {
    "child": (
        ("ana", {"age": 0.36, "height": 0.5, "proportions": 0.5}, {"hair_style": "short"}),
        ("ben", {"age": 0.42, "height": 0.5, "proportions": 0.5}, {}),
    ),
    "long hair": (
        ("dora", {}, {"hair_style": "long"}),
        ("ana", {"weight": 0.55}, {"hair_style": "long", "hair": (0.55, 0.42, 0.25)}),
    ),
    "hood worn up": (
        ("goro", {}, {"hood_up": True, "shirt_loose_m": 0.02, "shirt_sag_m": 0.03}),
        ("farah", {}, {"hood_up": True, "shirt_loose_m": 0.03, "shirt_sag_m": 0.04}),
    ),
    "hood on the back": (
        ("ben", {}, {"hood": True, "shirt_loose_m": 0.02, "shirt_sag_m": 0.03}),
        ("hana", {}, {"hood": True, "shirt_loose_m": 0.03, "shirt_sag_m": 0.05}),
    ),
    "wide clothes": (
        ("chidi", {}, {"shirt_loose_m": 0.04, "shirt_sag_m": 0.09, "trousers_loose_m": 0.03}),
        ("dora", {}, {"shirt_loose_m": 0.035, "shirt_sag_m": 0.08, "trousers_loose_m": 0.04}),
    ),
}
"""By condition: whose body, and what is different."""


def clips() -> list[render.Clip]:
    """What is filmed; the people are added to those of the samples."""
    out = []
    for number, (condition, people) in enumerate(PEOPLE.items()):
        for side, (base, body, clothes) in zip(("right", "left"), people, strict=True):
            person = render.PEOPLE[base]
            name = f"{condition.replace(' ', '_')}-{side}"
            look: Look = replace(person.look, **clothes)
            render.PEOPLE[name] = replace(person, look=look, neutral=Posture(), **body)
            seed = 100 + 10 * number + (5 if side == "left" else 0)
            third = render.hinge(seed + 2, 0.0, 34.0) if side == "right" else render.squat(seed + 2)
            out.append(
                render.Clip(
                    name, name, (render.hinge(seed), render.hinge(seed + 1, 40.0), third),
                    render.filmed(side, 3.0 if side == "right" else -4.0),
                    Light(azimuth_deg=-50.0, elevation_deg=45, ambient=0.36), 30 + number, fps=15,
                )
            )  # fmt: skip
    return out


def main(folder: Path) -> None:
    """Render what is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    mesh = None
    for clip in clips():
        path, truth = folder / f"{clip.name}.mp4", folder / f"{clip.name}.json"
        if truth.exists():
            continue
        mesh = mesh or Mesh()
        told = render.film(clip, mesh, path)
        truth.write_text(json.dumps(told, indent=2) + "\n")
        print(path.name, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
