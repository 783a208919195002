"""The filming conditions of a repetition in words: the rows of the tables by condition."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from typing import Any

from accuracy.clips import Spec
from accuracy.figures import FAULT_DEG, UPRIGHT_SHIN_DEG


def band(value: float, edges: Sequence[float], unit: str = "") -> str:
    """Return the range between `edges` that holds `value`, in words."""
    k = bisect(edges, value)
    low = f"{edges[k - 1]:g}" if k else ""
    high = f"{edges[k]:g}" if k < len(edges) else ""
    text = f"{low} to {high}" if low and high else f"under {high}" if high else f"{low} and more"
    return f"{text} {unit}".strip()


def third(value: float, words: tuple[str, str, str]) -> str:
    """Return one of three words for a share, 0 to 1."""
    return words[min(int(value * 3), 2)]


def of_clip(spec: Spec, truth: dict[str, Any]) -> dict[str, str]:
    """Return the conditions of a whole clip."""
    body, look, camera = dict(spec.phenotype), spec.look, spec.camera
    lines = min(camera.width_px, camera.height_px)
    shown = truth["stature_cm"] / 100 / camera.fill
    # The stature of the standing person in the working picture, whose longest side is 640 px.
    longest = max(camera.width_px, camera.height_px)
    person_px = truth["fill"] * camera.height_px * min(1.0, 640 / longest)
    looseness = look.shirt_loose_m + look.shirt_sag_m / 4
    return {
        "sex": third(body["gender"], ("male", "between", "female")),
        "age": third((body["age"] - 0.42) / 0.58, ("young", "middle", "old")),
        "height": band(truth["stature_cm"], (155, 170), "cm"),
        "weight": third((body["weight"] - 0.1) / 0.85, ("light", "middle", "heavy")),
        "muscle": third((body["muscle"] - 0.2) / 0.75, ("little", "middle", "much")),
        "skin": third(look.skin[0] / 0.92, ("dark", "middle", "fair")),
        "shirt": band(sum(look.shirt) / 3, (0.2, 0.6), "of white"),
        "shirt's fit": "snug" if looseness < 0.006 else "easy" if looseness < 0.027 else "loose",
        "hood": "up" if look.hood_up else "on the back" if look.hood else "none",
        "hair": look.hair_style,
        "arms": "dowel held behind" if spec.arms == "dowel" else spec.arms,
        "barbell": "with plates" if spec.plate else "bar" if spec.bar else "none",
        "begins": "standing" if spec.lead_s else "at the bottom",
        "camera's angle": band(abs(camera.yaw_deg), (5, 10, 15, 20), "degrees"),
        "seen from": "before"
        if camera.yaw_deg > 5
        else "behind"
        if camera.yaw_deg < -5
        else "the side",
        "camera's height": band(camera.height_m, (0.7, 1.3), "m"),
        "distance": band(camera.distance_m, (2.5, 4), "m"),
        "picture shows": band(shown, (2.5, 3.2), "m"),
        "lens": "barrel"
        if spec.barrel < -0.03
        else "pincushion"
        if spec.barrel > 0.03
        else "straight",
        "handheld": "yes" if spec.handheld else "no",
        "facing": camera.facing,
        "room": spec.room,
        "others": "passing" if spec.passer_by else "standing" if spec.bystanders else "none",
        "light": band(spec.light.gain, (0.6, 1.1), "of full"),
        "contrast": band(spec.contrast, (0.8,)),
        "noise": band(spec.light.noise, (0.1, 9)),
        "focus": "soft" if spec.light.blur_px else "sharp",
        "motion blur": "yes" if spec.blur_s else "no",
        "compression": "strong" if spec.crf >= 34 else "usual",
        "lines": f"{lines:4d}p".strip(),
        "frames": f"{spec.fps} a second",
        "format": "portrait" if camera.height_px > camera.width_px else "landscape",
        "person is": band(person_px, (150, 250), "px tall"),
    }


def of_rep(rep: dict[str, Any]) -> dict[str, str]:
    """Return the conditions of one repetition, from its truth."""
    spinal, cervical = rep["spinal_flexion_deg"], rep["cervical_flexion_deg"]
    knee, shin = rep["knee_flexion_deg"], rep["shin_angle_deg"]
    present = [
        spinal >= FAULT_DEG["spinal_flexion"],
        cervical >= FAULT_DEG["cervical_flexion"],
        knee >= FAULT_DEG["squatting"] and shin > UPRIGHT_SHIN_DEG,
    ]
    tempo_s = (rep["end_s"] - (rep["start_s"] or 0.0)) - rep["pause_s"]
    return {
        "tempo": band(tempo_s, (1.2, 2.5, 4), "s"),
        "pause": "yes" if rep["pause_s"] > 0.2 else "no",
        "depth": "half" if rep["half"] else "full",
        "faults": ("none", "one", "two", "three")[sum(present)],
        "spine": band(spinal, (-8, 8, 20, 35, 50), "degrees"),
        "bends in": f"{rep['where']} spine" if abs(spinal) >= FAULT_DEG["spinal_flexion"] else "",
        "neck": band(cervical, (-8, 8, 20, 35), "degrees"),
        "knee": band(knee, (30, 60, 90), "degrees"),
    }
