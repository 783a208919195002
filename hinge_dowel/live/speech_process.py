"""The voice: a process that speaks the lines of its standard input.

It prints "ready" once it can speak. Of the lines that come while it speaks, only the last is
spoken: a cue for the repetition before last is of no use. The system's own speech program is looked
for at run time.
"""

from __future__ import annotations

import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

PACE_WPM = 185
"""Words a minute: slower than the engines' own 200, to be understood across a room. A choice."""
LONGEST_S = 15.0
"""Time-out for speaking a few words: the engine hangs. A choice of patience."""
Speak = Callable[[str], None]

_WINDOWS = (
    "Add-Type -AssemblyName System.Speech; "
    "(New-Object System.Speech.Synthesis.SpeechSynthesizer).Speak([Console]::In.ReadToEnd())"
)


@dataclass(frozen=True, slots=True)
class SystemVoice:
    """A program that speaks its last argument, or with `listens` its standard input."""

    command: tuple[str, ...]
    listens: bool = False

    def speak(self, words: str) -> None:
        """Speak, and wait for the end. Raises `OSError` or `SubprocessError` on failure."""
        subprocess.run(
            self.command if self.listens else (*self.command, words),
            input=words if self.listens else "",
            text=True,
            encoding="utf-8",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST_S,
            check=True,
        )


def system_voices(
    platform: str = sys.platform, which: Callable[[str], str | None] = shutil.which
) -> list[SystemVoice]:
    """Return the speech programs installed on this system, the most usual first."""
    if platform == "darwin":
        known = [SystemVoice(("say", "-r", str(PACE_WPM)))]
    elif platform == "win32":
        known = [SystemVoice(("powershell", "-NoProfile", "-Command", _WINDOWS), listens=True)]
    else:
        known = [
            SystemVoice(("spd-say", "--wait", "--")),
            SystemVoice(("espeak-ng", "-s", str(PACE_WPM), "--")),
            SystemVoice(("espeak", "-s", str(PACE_WPM), "--")),
        ]
    return [voice for voice in known if which(voice.command[0]) is not None]


def _working(voices: Iterable[SystemVoice]) -> Iterator[Speak]:
    """Yield the voices that work, tried with a blank."""
    for voice in voices:
        with suppress(OSError, subprocess.SubprocessError):
            voice.speak(" ")
            yield voice.speak


def newest(waiting: queue.SimpleQueue[str | None]) -> str | None:
    """Wait for a line, and return the last one waiting; None when the input has ended."""
    line = waiting.get()
    while line is not None:
        try:
            later = waiting.get_nowait()
        except queue.Empty:
            break
        if later is None:
            waiting.put(None)  # say this one, then end
            break
        line = later
    return line


def serve(lines: Iterable[str], speak: Speak) -> None:
    """Speak the newest of `lines`, until they end; one that fails is left out."""
    waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def listen() -> None:
        for line in lines:
            waiting.put(line.strip())
        waiting.put(None)

    threading.Thread(target=listen, daemon=True).start()
    while (line := newest(waiting)) is not None:
        with suppress(OSError, subprocess.SubprocessError):
            speak(line)


def main() -> None:
    """Speak until standard input ends. Ctrl-C is for the session, which then closes it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    speak = next(_working(system_voices()), None)
    if speak is None:
        sys.exit("Nothing here speaks.")
    print("ready", flush=True)
    serve(sys.stdin, speak)


if __name__ == "__main__":
    main()
