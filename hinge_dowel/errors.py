"""The error tree and the exit statuses.

Every message is one sentence that says what to do; `cli.main` prints it.
"""

from __future__ import annotations


class HingeDowelError(Exception):
    """Anything a person can put right. The text is one clear sentence for that person."""


class UsageError(HingeDowelError):
    """The command was called with arguments that cannot work."""


class ArgumentError(UsageError, ValueError):
    """An argument that cannot work, of the command or of a function of the library."""


class ConfigError(HingeDowelError):
    """A tolerance file that cannot be used."""


class ClipError(HingeDowelError):
    """A film or file of keypoints that cannot be read: missing, damaged, or no such file at all."""


class CameraError(HingeDowelError):
    """A camera or stream that gives no picture: missing, busy, forbidden, or gone."""


class ModelError(HingeDowelError):
    """The pose model cannot be found, fetched or trusted."""


class OutputError(HingeDowelError):
    """A result that cannot be written where it was asked for."""


class HistoryError(HingeDowelError):
    """The history of sessions cannot be read or written."""


EXIT_CLEAN = 0
"""Every clip was checked and no sure fault found."""
EXIT_FAULT = 1
"""At least one sure fault was found, and every clip could be checked."""
EXIT_ERROR = 2
"""A usage error, or at least one clip could not be checked."""
