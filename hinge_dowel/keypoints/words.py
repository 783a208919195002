"""What programs call the columns of tables and the keys of objects, in one spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

MOST_NAMES = 4096
"""So many names are kept with what they say: those of a file come again in every frame."""


def spelled(text: str) -> tuple[str, ...]:
    """The names in a text, in order, each also without its signs."""
    names = ((name, name.replace("_", "")) for name in text.split())
    return tuple(dict.fromkeys(own for both in names for own in both))


_WORDS = {
    "time": "zeit|tiempo|temps|tempo|tijd|时间|時間",
    "frame": "bild|bildnummer|fotograma|cuadro|quadro|fotogramma|beeld|beeldnummer"
    "|帧|帧号|フレーム",
    "joint": "gelenk|gelenkpunkt|punkt|punto|ponto|articulaci[oó]n|articulation|articolazione"
    "|articula[cç][aã]o|gewricht|关节|関節",
    "value": "wert|valor|valeur|valore|waarde",
    "person": "persona|personne|pessoa|persoon",
}
"""What names of columns and keys say in other languages."""
_WORD = re.compile("|".join(rf"(?P<{ours}>\b(?:{own})\b)" for ours, own in _WORDS.items()))


@lru_cache(maxsize=MOST_NAMES)
def spoken(name: str) -> str:
    """What a column or key is called: small letters, _ between words, some of them in English."""
    words = re.sub(r"[\s\-()\[\]_]+", " ", name.lower()).strip()
    return _WORD.sub(lambda found: str(found.lastgroup), words).replace(" ", "_")


STEPS = spelled(
    " ".join(
        name + unit
        for name in spelled(
            "dt delta_t delta_time time_delta time_step time_interval frame_interval frame_period "
            "frame_duration sampling_interval sample_interval sampling_period sample_period "
            "sampling_time interval"
        )
        for unit in ("", "_s", "_sec", "_seconds", "_ms", "_us")
    )
)
"""What the time from one frame to the next is called, once for all or beside each frame."""
TIMES = (
    *spelled(
        "time_s time timestamp_s t seconds timestamp stamp timestamp_ms time_ms times timestamps "
        "time_sec time_seconds t_s sec secs ms milliseconds time_us timestamp_us timestamp_ns "
        "time_ns unix unix_time epoch date_time date timestampinmilliseconds presentationtime "
        "pts_s pts_time video_time relative_time elapsed elapsed_s elapsed_ms t_ms t_us "
        "time_stamp timestamp_sec timestamp_seconds time_in_s time_in_sec time_in_seconds "
        "time_in_ms frame_time frame_time_s time_min time_minutes frame_timestamp "
        "video_timestamp timecode smpte tc pos_msec time_offset"
    ),
    *STEPS,
)
"""What a column or key of times is called; the first that is there counts."""
_RANKS = {name: rank for rank, name in reversed(list(enumerate(TIMES)))}
FRAMES = spelled(
    "frame frame_idx frame_id frame_number frame_no frame_num frame_index frame# frames "
    "frame_ids frame_indices frame_numbers "
    "frame_count image_id img_id image image_name file_name img #frame video_frame fr iter "
    "iteration"
)
"""What a column or key of frame numbers is called."""
PEOPLE = spelled(
    "person person_id track track_id instance subject individual individuals animal p_id t_id "
    "object_id person_index person_idx instance_id subject_id id pose_id pose_index person_number "
    "player player_id body_id"
)
"""What a column or key of people is called."""
CLASSES = spelled(
    "class label target category exercise exercise_name exercise_type pose action activity workout"
)
"""What a column or key is called that says which of several kinds an example is of."""
LISTED = spelled(
    "keypoint_names keypoints_names joint_names landmark_names marker_names names bodyparts labels "
    "keypoint_labels joint_labels landmark_labels marker_labels"
)
"""Under what files list the names of all places, once for all."""
SIZES = tuple(
    (of + width, of + height)
    for of in ("", *spelled("image_ input_image_ img_ video_ frame_ canvas_"))
    for width, height in (("width", "height"), ("w", "h"))
    if of or len(width) > 1
)
PAIRS = spelled(
    "size_px resolution video_resolution size dimensions image_size frame_size video_size"
)
SHAPES = spelled("orig_shape img_shape shape image_shape frame_shape video_shape")
"""Arrays of pictures: height, width and colours."""
RATES = spelled(
    "export_frame_rate fps frame_rate video_fps video_frame_rate sampling_rate frequency "
    "avg_frame_rate r_frame_rate frames_per_second frames_per_sec sample_rate rate freq hz "
    "sampling_frequency fs camera_fps camera_rate sfreq srate mocap_frame_rate mocap_framerate "
    "capture_rate capture_frame_rate data_rate"
)
RATES += spelled(" ".join(f"{name}_hz" for name in RATES))
STRIDES = spelled(
    "frame_step frame_stride stride every_nth every_nth_frame every_n every_n_frames sample_every "
    "subsample subsampling downsample decimation"
)
"""What it is called that only every so many pictures of the film were looked at."""
ABOUT = frozenset({*RATES, *STRIDES, *STEPS, *PAIRS, *SHAPES}.union(*SIZES))
"""What rates and sizes are called, in small letters."""


def time_name(names: Iterable[str]) -> str:
    """Which of the names is that of times, the likeliest of them; "" where none is."""
    return min((name for name in names if name in _RANKS), key=_RANKS.__getitem__, default="")
