"""The bare loop of a form-check script: decode every picture, run the pose model with its mask.

What the checker is measured against. Nothing is done with what the model sees.
"""

from __future__ import annotations

import os
import sys

import cv2
import mediapipe as mp


def main(clip: str, model: str) -> None:
    vision = mp.tasks.vision
    options = vision.PoseLandmarkerOptions(
        base_options=mp.tasks.BaseOptions(model_asset_path=model),
        running_mode=vision.RunningMode.VIDEO,
        output_segmentation_masks=True,
    )
    film = cv2.VideoCapture(clip)
    rate_hz = film.get(cv2.CAP_PROP_FPS)
    count = 0
    with vision.PoseLandmarker.create_from_options(options) as landmarker:
        while True:
            more, picture = film.read()
            if not more:
                break
            rgb = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
            image = mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)
            landmarker.detect_for_video(image, round(count * 1000 / rate_hz))
            count += 1
    print(count)


if __name__ == "__main__":
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the C++ side talks
    main(*sys.argv[1:])
