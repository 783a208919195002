"""Run the command as if on another system.

    python other_system.py win32|darwin ARGUMENT ...

Libraries are imported first, as they depend on the real system; then `sys.platform` and the like
are changed, and all that only POSIX (or only Linux) has is removed.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys

LIBRARIES = (
    *("argparse", "asyncio", "ctypes", "logging", "multiprocessing", "random", "sqlite3", "ssl"),
    *("subprocess", "tempfile", "threading", "urllib.request", "uuid", "zipfile"),
    *("rich.console", "rich_argparse"),
)
HEAVY = (
    *("av", "jinja2", "mediapipe", "numpy", "PIL.Image", "psutil", "rich.live", "rich.progress"),
    *("scipy.ndimage", "scipy.optimize", "scipy.signal"),
)
"""Modules that commands on video need."""
POSIX_MODULES = ("fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty")
POSIX_CALLS = (
    *("chown", "chroot", "fchmod", "fork", "forkpty", "getegid", "geteuid", "getgid", "getloadavg"),
    *("getpgid", "getpriority", "getsid", "getuid", "killpg", "lchown", "mkfifo", "mknod", "nice"),
    *("openpty", "pipe2", "posix_fallocate", "posix_spawn", "setpgid", "setpriority", "setsid"),
    *("setuid", "statvfs", "sync", "tcgetpgrp", "ttyname", "uname", "wait3", "wait4"),
    *("O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK"),
)
LINUX_CALLS = ("memfd_create", "pidfd_open", "sched_getaffinity", "sched_setaffinity", "sendfile")
# Not SIGKILL: the library's own Popen.kill, which here is the POSIX one, sends it.
POSIX_SIGNALS = ("SIGALRM", "SIGHUP", "SIGPIPE", "SIGQUIT", "SIGUSR1", "SIGWINCH")
POSIX_SIGNAL_CALLS = ("alarm", "pause", "pthread_kill", "pthread_sigmask", "setitimer", "sigwait")


def become(platform: str, *, heavy: bool) -> None:
    """Pretend to be on `platform` from here on."""
    for name in (*LIBRARIES, *(HEAVY if heavy else ())):
        importlib.import_module(name)
    sys.platform = platform
    missing = list(LINUX_CALLS)
    if platform == "win32":
        missing += POSIX_CALLS
        for name in POSIX_MODULES:
            sys.modules[name] = None  # type: ignore[assignment]
        for name in (*POSIX_SIGNALS, *POSIX_SIGNAL_CALLS):
            delattr(signal, name)
    for name in missing:
        if hasattr(os, name):
            delattr(os, name)


if __name__ == "__main__":
    become(sys.argv[1], heavy=sys.argv[2] in ("check", "drill"))
    from hinge_dowel.cli import main

    sys.exit(main(sys.argv[2:]))
