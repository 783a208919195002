"""The one table of names: what joints are called, in which order skeletons have them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from hinge_dowel.keypoints.words import MOST_NAMES

_SPELLINGS = {
    1: "eyeinner",
    2: "eye",
    3: "eyeouter",
    7: "ear",
    9: "mouth",
    11: "sjc shoulderjoint shoulder shoulder1 sho shldr acromion acromial upperarm uparm uarm arm",
    13: "ejc elbowjoint elbow elb forearm farm lowerarm",
    15: "wjc wristjoint wrist wri hand",
    17: "pinky",
    19: "index",
    21: "thumb",
    23: "hjc hipjoint hip upleg upperleg thigh trochanter gtr",
    25: "kjc kneejoint knee kne leg lowerleg shin calf shank",
    27: "ajc anklejoint ankle ank foot",
    29: "heel hee hel calc calcaneus",
    31: "footindex bigtoe toe toes toebase toetip foottip foot",
}
"""Spellings of MediaPipe's landmarks of the left side, without the side, the best first."""
BARE = ("eye", "ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "toe")
"""Spellings that without a side stand for the one that is seen, where no better name does."""


def _names() -> dict[str, tuple[int, int]]:
    """Names without case and signs: MediaPipe's number, and how good a name for it this is."""
    # Apple's Vision calls the nose so.
    out = {"nose": (0, 0), "headjoint": (0, 9)}
    for left, spelled in _SPELLINGS.items():
        parts = spelled.split()
        # The inner and outer eye of each side lie together, the other places side by side.
        right = left + 3 if left < 7 else left + 1
        out.update({part: (left, len(parts)) for part in parts if part in BARE})
        for number, sides in ((left, ("left", "l")), (right, ("right", "r"))):
            for rank, part in enumerate(parts):
                for side in sides:
                    for name in (side + part, part + side):
                        # A foot is an ankle, unless that has a name of its own: see `landmarks_of`.
                        out.setdefault(name, (number, rank))
    return out


_RANKED = _names()
LANDMARK_NAMES = {name: number for name, (number, _) in _RANKED.items()}
"""Spellings of MediaPipe's landmarks, without case and signs, and their numbers."""
_FOOT = {"left": (27, 31), "right": (28, 32)}

BACK = (
    ("occiput", "occ", "inion", "headback", "backofhead", "backhead"),
    *((f"c{n}",) for n in range(1, 8)),
    *((f"t{n}", f"th{n}") for n in range(1, 13)),
    *((f"l{n}",) for n in range(1, 6)),
    ("sacrum", "sacr", "sac", "s1", "s2", "s3"),
)
"""Places along the back, head to sacrum, and their spellings."""
BACK_ORDER = {name: rank for rank, names in enumerate(BACK) for name in names}
BACK_WORDS = {"upperback": BACK_ORDER["t6"], "lowback": BACK_ORDER["l3"], "neck": BACK_ORDER["c7"]}
"""Plain words for a place, where the back has no better name for it."""
_MARKERS = {
    "sho": "sae ac acromium shouldertop should",
    "elb": "hle elbowout",
    "iel": "hme elbowin",
    "wra": "rsp wristin",
    "wrb": "usp wristout",
    "asi": "ias asis",
    "psi": "ips psis",
    "kne": "fle lfc lk lepi knee1 kneelat kneeout lateralknee kneelateral",
    "mkne": "fme mfc mk mepi kneein medialknee kneemedial",
    "ank": "fal lmal la mall anklelat ankleout lateralankle anklelateral",
    "mank": "tam mmal ma anklein medialankle anklemedial",
    "hee": "fcc cal heelback",
    "toe": "fm2",
    "mt1": "fm1 toein",
    "mt5": "fm5 met toeout",
    "fhd": "headfront",
    "bhd": "headback",
}
"""Markers by Plug-in Gait's names, without the side, and what others call them: Qualisys and
Visual3D (L_IAS, LFLE; LLK), Rizzoli (LLFC), OptiTrack (LKneeOut), OpenSim (R.Knee.Lat)."""
_SINGLE = {
    **{"c7": "backtop spinetop", "t12": "spinethoracic12", "sacr": "vsacral vsac"},
    **{"clav": "chest sternalnotch", "strn": "xiphoid", "lhead": "headl", "rhead": "headr"},
    **{"headfront": "sgl fronthead", "headback": "rearhead"},
    **{"lasi": "waistlfront", "rasi": "waistrfront", "lpsi": "waistlback", "rpsi": "waistrback"},
}
"""The same of markers whose names have no side, or not at an end."""
MARKER_NAMES = {
    **{
        spelled: side[0] + ours
        for ours, names in _MARKERS.items()
        for name in (ours, *names.split())
        for side in ("left", "right")
        for spelled in (
            side[0] + name,
            side + name,
            *([name + side[0], name + side][len(name) < 4 :]),
        )
    },
    **{f"{part}v{n}": f"{part}{n}" for part in "ctl" for n in range(1, 13)},
    **{spelled: ours for ours, names in _SINGLE.items() for spelled in names.split()},
}
"""Spellings of markers, without case and signs, and Plug-in Gait's for them."""


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A keypoint model: what people call it, and its joints in order.

    `size` is how many keypoints it has; those past `joints` (face, hands) are of no use here.
    """

    title: str
    joints: tuple[str, ...]
    size: int


def _left(parts: str) -> tuple[str, ...]:
    return tuple(f"left_{part}" for part in parts.split())


def _right(parts: str) -> tuple[str, ...]:
    return tuple(f"right_{part}" for part in parts.split())


def _both(parts: str) -> tuple[str, ...]:
    return tuple(f"{side}_{part}" for part in parts.split() for side in ("left", "right"))


_ARM, _LEG, _FOREFOOT = "shoulder elbow wrist", "hip knee ankle", "big_toe small_toe heel"
COCO_17 = ("nose", *_both(f"eye ear {_ARM} {_LEG}"))
_HALPE_26 = (*COCO_17, "head", "neck", "hip", *_both(_FOREFOOT))
_SPINEPOSE = (
    *(*_HALPE_26, "spine_01", "spine_02", "spine_03", "spine_04", "spine_05"),
    *(*_both("latissimus clavicle"), "neck_02", "neck_03"),
)
SPINEPOSE_BACK = (
    *("head", "neck03", "neck02", "neck", "spine05", "spine04", "spine03", "spine02", "spine01"),
    "hip",
)
"""SpinePose's places along the back, head to sacrum."""
_UPPER_18 = ("nose", "neck", *_right(_ARM), *_left(_ARM))
_LOWER_18 = (*_right(_LEG), *_left(_LEG), "right_eye", "left_eye", "right_ear", "left_ear")
_FEET = (*_left(_FOREFOOT), *_right(_FOREFOOT))
_BODY_25 = (*_UPPER_18, "mid_hip", *_LOWER_18, *_FEET)
_MEDIAPIPE = (
    *("nose", *_left("eye_inner eye eye_outer"), *_right("eye_inner eye eye_outer"), *_both("ear")),
    *("mouth_left", "mouth_right", *_both(f"{_ARM} pinky index thumb {_LEG} heel foot_index")),
)
_HUMAN36M = (
    *("mid_hip", *_right(_LEG), *_left(_LEG), "spine", "thorax", "neck", "head"),
    *(*_left(_ARM), *_right(_ARM)),
)
_LIMBS = (
    *(*_left(f"{_ARM} palm"), *_right(f"{_ARM} palm"), *_left(f"{_LEG} toe")),
    *_right(f"{_LEG} toe"),
)
_KINECT_20 = ("spine_base", "spine_mid", "spine_shoulder", "head", *_LIMBS)
_KINECT_25 = (
    *("spine_base", "spine_mid", "neck", "head", *_LIMBS),
    *("spine_shoulder", *_left("tip thumb"), *_right("tip thumb")),
)
_KINECT_32 = (
    *("pelvis", "spine_navel", "spine_chest", "neck", *_left(f"clavicle {_ARM} palm tip thumb")),
    *(*_right(f"clavicle {_ARM} palm tip thumb"), *_left(f"{_LEG} toe"), *_right(f"{_LEG} toe")),
    *("head", "nose", *_left("eye ear"), *_right("eye ear")),
)
_MPII = (
    *(*_right("ankle knee hip"), *_left(_LEG), "pelvis", "thorax", "upper_neck", "head_top"),
    *(*_right("wrist elbow shoulder"), *_left(_ARM)),
)
_SMPL = (
    *("pelvis", *_both("hip"), "spine1", *_both("knee"), "spine2", *_both("ankle"), "spine3"),
    *(*_both("big_toe"), "neck", *_both("clavicle"), "head", *_both(f"{_ARM} palm")),
)
_SMPL_45 = (*_SMPL, "nose", "right_eye", "left_eye", "right_ear", "left_ear", *_FEET)
SKELETONS = (
    Skeleton("MediaPipe", _MEDIAPIPE, 33),
    Skeleton("COCO-17", COCO_17, 17),
    Skeleton("Human3.6M", _HUMAN36M, 17),
    Skeleton("OpenPose COCO", (*_UPPER_18, *_LOWER_18), 18),
    Skeleton("COCO-17 with a neck", (*COCO_17, "neck"), 18),
    Skeleton("OpenPose BODY_25", _BODY_25, 25),
    Skeleton("OpenPose BODY_25B", (*COCO_17, "upper_neck", "head_top", *_FEET), 25),
    Skeleton("Kinect v2", _KINECT_25, 25),
    Skeleton("Halpe-26", _HALPE_26, 26),
    Skeleton("SpinePose", _SPINEPOSE, 37),
    Skeleton("COCO-17 with feet", (*COCO_17, *_FEET), 23),
    Skeleton("COCO-WholeBody", (*COCO_17, *_FEET), 133),
    Skeleton("Halpe-136", _HALPE_26, 136),
    Skeleton("MPII", _MPII, 16),
    Skeleton("Kinect v1", _KINECT_20, 20),
    Skeleton("Azure Kinect", _KINECT_32, 32),
    *(Skeleton("SMPL", _SMPL[:n], n) for n in (24, 22)),
    Skeleton("SMPL with a face", _SMPL_45, 45),
    # Behind the body hands and the face.
    *(Skeleton("SMPL-H or SMPL-X", _SMPL[:22], n) for n in (52, 55, 127)),
    *(Skeleton("HMR", _BODY_25, n) for n in (44, 49)),
    # MediaPipe's Holistic: the body first, then the face (with irises 478 points), then hands.
    *(Skeleton("MediaPipe Holistic", _MEDIAPIPE, 33 + n) for n in (42, 468, 478, 510, 520)),
)
"""Every skeleton that is known by the number of its keypoints where no names are given."""
KNOWN = "MediaPipe, COCO, Halpe, OpenPose, SpinePose, Human3.6M, SMPL, Kinect and MPII"
"""What a sentence says is known."""


def of_size(count: int) -> tuple[Skeleton, ...]:
    """The skeletons with so many keypoints, the most usual first."""
    return tuple(skeleton for skeleton in SKELETONS if skeleton.size == count)


_OF_BODY_MODELS = (44, 45, 49, 52, 55, 127)
"""Of these sizes no flat rows are known: others have as many numbers (22 x 4, 26 x 4), and so have
SMPL's turns of joints (52 x 3, 55 x 3), which are no places."""


def flat_width(count: int) -> int:
    """How many numbers a place has in a flat row of so many, 0 where no skeleton fits.

    MediaPipe's come first, then x, y and certainty.
    """
    if count % 33 == 0 and count // 33 in (2, 3, 4):
        return count // 33
    sizes = {n: count // n for n in (3, 2, 4) if count % n == 0}
    whole = (n for n, size in sizes.items() if size not in _OF_BODY_MODELS and of_size(size))
    return next(whole, 0)


_SIDES = {
    "left": "linke?[rs]?|izquierd[ao]|izq|gauche|sinistr[ao]|sx|esquerd[ao]|esq|left|li|l|g|i|e|左",
    "right": "rechte?[rs]?|derech[ao]|der|droite?|destr[ao]|dx|direit[ao]|dir|right|re|r|d|右",
}
"""Words of European languages, Chinese and Japanese, without signs, for sides, which count beside a
word for a joint in those, and ..."""
_FOREIGN = {
    "nose": "nase|nariz|nez|naso|neus|鼻[子尖]?",
    "eye": "auge|ojo|oeil|occhio|olho|oog|眼睛?|目",
    "ear": "ohr|oreja|oreille|orecchio|orelha|oor|耳朵?",
    "shoulder": "schulter|hombro|epaule|spalla|ombro|schouder|肩膀?",
    "elbow": "ell?en?bogen|codo|coude|gomito|cotovelo|elleboog|肘部?|肘关节",
    "wrist": "handgelenk|muneca|poignet|polso|pulso|punho|pols|手?腕|手首",
    "hip": "hue?fte?|hue?ftgelenk|cadera|hanche|anca|quadril|heup|[髋髖]部?|[髋髖][关關][节節]"
    "|臀部?|股関節|腰",
    "knee": "knie|kniegelenk|rodilla|genou|ginocchio|joelho|膝[盖蓋]?|膝[关關][节節]",
    "ankle": "knoe?chel|sprunggelenk|tobillo|cheville|caviglia|tornozelo|enkel|[脚腳]?踝"
    "|踝[关關][节節]|足首",
    "heel": "ferse|talon|tallone|calcanhar|hiel|脚后?跟|かかと",
    "toe": "(?:gross|gros)?zehe|zehenspitze|fussspitze|(?:punta|dedo)(?:de|del)?pie|(?:gros)?orteil"
    "|alluce|dedodope|pontadope|(?:grote)?teen|脚[尖趾]|つま先",
    "sacrum": "kreuzbein|sacro|heiligbeen",
    "occiput": "hinterkopf|okziput|occipucio|nuca|occipite|achterhoofd",
}
"""... for joints and places, in whatever order the two stand."""
_SPOKEN = re.compile(
    "(?P<{0}1>{left})?(?P<{1}1>{right})?(?:{joints})(?P<{0}2>{left})?(?P<{1}2>{right})?".format(
        *_SIDES, **_SIDES, joints="|".join(f"(?P<{ours}>{own})" for ours, own in _FOREIGN.items())
    )
)


def _in_english(bare: str) -> str:
    """What a name in another language is called here; '' where it is no such name."""
    match = _SPOKEN.fullmatch(bare)
    said = match.groupdict().items() if match else ()
    return "".join(name.rstrip("12") for name, own in said if own)


_AROUND = re.compile(
    r"^(vnhumanbodyposeobservation|jointname|pose|body|joint|keypoint|landmark|skeleton|kpt|kp|type"
    r"|mixamorig|k4abt|human|j(?=left|right))+"
    r"|(joint|jnt|marker|position|posi?|loc|world|2d|3d|center|centre|jc|px|image|raw|filt|filtered)+$"
)


@lru_cache(maxsize=MOST_NAMES)
def plain(name: str) -> str:
    """A name without case, signs, a subject before it, and OpenSim's ending; of a marker as
    Plug-in Gait has it.
    """
    spelled = unicodedata.normalize("NFKD", name.rpartition(":")[2].casefold().replace("œ", "oe"))
    bare = re.sub(r"[^a-z0-9]", "", spelled) or re.sub(r"[\W_]", "", spelled)
    bare = bare.removesuffix("study")
    bare = MARKER_NAMES.get(bare, bare)
    if bare in LANDMARK_NAMES or bare in BACK_ORDER:
        return bare
    inner = _AROUND.sub("", bare)
    return inner if inner in LANDMARK_NAMES else _in_english(bare) or bare


def is_known(name: str) -> bool:
    """Whether a name is that of a joint or of a place along the back."""
    bare = plain(name)
    return bare in LANDMARK_NAMES or bare in BACK_ORDER or bare in BACK_WORDS


_PELVIS = frozenset({"lasi", "rasi"})
"""Markers on the front of the pelvis, by which laboratories are known."""


def landmarks_of(names: Iterable[str]) -> dict[int, str]:
    """Which of the plain names stands for which of MediaPipe's landmarks, the best for each."""
    best: dict[int, tuple[int, str]] = {}
    given = list(names)
    if _PELVIS & set(given):
        # Of a laboratory a thigh is a marker half way down, and no hip, a shank no knee.
        given = [n for n in given if not any(p in n for p in ("thigh", "shank", "calf"))]
    for name in given:
        if name in _RANKED:
            number, rank = _RANKED[name]
            if number not in best or rank < best[number][0]:
                best[number] = (rank, name)
    for side, (ankle, toe) in _FOOT.items():
        foot = next((n for n in given if n in (f"{side}foot", f"foot{side}", f"{side[0]}foot")), "")
        if foot and toe not in best and best[ankle][1] != foot:
            best[toe] = (99, foot)
    return {number: name for number, (_, name) in best.items()}


def back_of(names: Sequence[str]) -> list[str]:
    """The plain names of places along the back, head to sacrum; empty when it is no back."""
    known = set(names)
    if known.issuperset(SPINEPOSE_BACK):
        return list(SPINEPOSE_BACK)
    ranked = {BACK_ORDER[name]: name for name in reversed(names) if name in BACK_ORDER}
    if not {0, len(BACK) - 1} <= set(ranked):
        return []
    words = {rank: name for name, rank in BACK_WORDS.items() if name in known}
    whole = dict(sorted({**words, **ranked}.items()))
    return list(whole.values()) if len(whole) >= 3 else []
