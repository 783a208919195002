"""The fixtures of histories."""

from support.histories import command, path, program

__all__ = ["command", "path", "program"]
