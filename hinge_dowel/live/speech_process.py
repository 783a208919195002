"""The voice: a process that speaks the lines of its standard input, the newest first.

It says "ready" on standard output once it can. Of lines that came while it spoke, only the last
is spoken: a cue for the repetition before last helps nobody.
"""

from __future__ import annotations

import queue
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

PACE_WPM = 185
"""A little slower than the engines' own 200, for who hears it from across a room."""


def newest(waiting: queue.SimpleQueue[str | None]) -> str | None:
    """Wait for a line, and take the last one that is there; None when there will be none."""
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


def serve(lines: Iterable[str], speak: Callable[[str], None]) -> None:
    """Speak the newest of `lines`, until they end."""
    waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def listen() -> None:
        for line in lines:
            waiting.put(line.strip())
        waiting.put(None)

    threading.Thread(target=listen, daemon=True).start()
    while (line := newest(waiting)) is not None:
        speak(line)


def main() -> None:
    """Speak until standard input ends. Ctrl-C is for the session, which then closes it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import pyttsx3

    engine: Any = pyttsx3.init()
    engine.setProperty("rate", PACE_WPM)

    def speak(words: str) -> None:
        engine.say(words)
        engine.runAndWait()

    print("ready", flush=True)
    serve(sys.stdin, speak)


if __name__ == "__main__":
    main()
