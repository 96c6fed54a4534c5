"""Ports for processes that the tests start."""

import socket

_given: set[int] = set()


def free_port() -> int:
    """A port that nobody listens on and that was not given to anybody before in this run."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port not in _given:
            _given.add(port)
            return port
