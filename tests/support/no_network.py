"""Run the command so that it dies at its first network socket.

    python no_network.py ARGUMENT ...

runs `hinge-dowel ARGUMENT ...` in this process. On Linux a seccomp filter holds for every thread
and child, in Python or in C++; elsewhere an audit hook holds for this process's Python.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import socket
import struct
import sys

SOCKET_CALL = {"x86_64": 41, "aarch64": 198}
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06
KILL_PROCESS, ALLOW = 0x80000000, 0x7FFF0000


LINUX = sys.platform == "linux"
DEATH = -signal.SIGSYS if LINUX else 99
"""The return code in `subprocess` of a process that asked for a socket."""


def close_the_network() -> None:
    """End this process as soon as it asks for an IPv4 or IPv6 socket."""
    if LINUX:
        _filter_calls()
    else:
        sys.addaudithook(lambda event, _: os._exit(DEATH) if event == "socket.__new__" else None)


def _filter_calls() -> None:
    steps = [
        (LOAD, 0, 0, 0),  # the number of the system call
        (EQUAL, 0, 3, SOCKET_CALL[platform.machine()]),  # another call: allow
        (LOAD, 0, 0, 16),  # its first argument, the address family
        (EQUAL, 2, 0, int(socket.AF_INET)),
        (EQUAL, 1, 0, int(socket.AF_INET6)),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, KILL_PROCESS),
    ]
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    program = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HxxxxxxQ", len(steps), ctypes.addressof(program))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "PR_SET_NO_NEW_PRIVS")
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, header, 0, 0):
        raise OSError(ctypes.get_errno(), "PR_SET_SECCOMP")


if __name__ == "__main__":
    close_the_network()
    if sys.argv[1:] == ["--connect"]:
        socket.socket(socket.AF_INET).close()
        sys.exit(0)
    from hinge_dowel.cli import main

    sys.exit(main(sys.argv[1:]))
