"""Which library of the system is missing, where MediaPipe or OpenCV cannot be loaded or used."""

from __future__ import annotations

from typing import Any

from hinge_dowel.errors import ModelError

_DEBIAN_PACKAGES = {
    "libGL.so.1": "libgl1",
    "libGLESv2.so.2": "libgles2",
    "libEGL.so.1": "libegl1",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxcb.so.1": "libxcb1",
    "libportaudio.so.2": "libportaudio2",
}


def missing_library(message: str) -> str | None:
    """One sentence on the system library that an error's `message` names, None if it names none."""
    for library, package in _DEBIAN_PACKAGES.items():
        if library in message or ("PortAudio" in message and "portaudio" in library):
            return (
                f"The system library {library} is missing: install it "
                f"(Debian and Ubuntu: apt-get install {package}) and try again."
            )
    return None


def not_loaded(package: str, error: Exception) -> ModelError:
    """What to raise where a package cannot be imported."""
    return ModelError(
        missing_library(str(error))
        or f"{package} cannot be loaded ({error}): reinstall hinge-dowel and try again."
    )


def opencv() -> Any:
    """Import OpenCV. Raises `ModelError` where it or a system library that it needs is missing."""
    try:
        import cv2
    except (ImportError, OSError) as error:
        raise not_loaded("OpenCV", error) from error
    return cv2
