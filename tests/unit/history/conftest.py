"""The fixtures of histories."""

from support.histories import command, path

__all__ = ["command", "path"]
