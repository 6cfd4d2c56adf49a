"""Takes the port before anything heavy is imported, so that a taken one stops the start."""

from __future__ import annotations

import socket


class PortTaken(RuntimeError):
    """the port is in use"""


def bind(host: str, port: int, *, setting: str = "DESK_WEB_PORT") -> socket.socket:
    """Take the port; raises PortTaken with one sentence that names the setting."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, or Nagle stays on
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"{host}:{port} cannot be used: {error.strerror}; set {setting} to a free one"
        ) from error
    return listener
