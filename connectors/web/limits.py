"""How much one visitor may send. Generous for people, tight for floods."""

from limits import RateLimitItemPerMinute, RateLimitItemPerSecond

from connectors.web.moving_windows import MovingWindows

MESSAGES_PER_SESSION = RateLimitItemPerSecond(20, 10)
SESSIONS_PER_ADDRESS = RateLimitItemPerMinute(120)
FRAMES_PER_CONNECTION = RateLimitItemPerSecond(60, 10)
FILES_PER_SESSION = RateLimitItemPerMinute(20, 5)
FILES_PER_ADDRESS = RateLimitItemPerMinute(60, 5)
CONNECTIONS_PER_ADDRESS = 500
"""Many customers may share an address (an office, a proxy); one browser has a handful."""
CONNECTIONS_PER_SESSION = 20


class WebLimits:
    def __init__(self) -> None:
        self._windows = MovingWindows()

    def may_send(self, address: str) -> bool:
        return self._windows.hit(MESSAGES_PER_SESSION, address)

    def may_send_file_from(self, ip: str) -> bool:
        """Asked before a file is read."""
        return self._windows.hit(FILES_PER_ADDRESS, ip)

    def may_send_file(self, address: str) -> bool:
        return self._windows.hit(FILES_PER_SESSION, address)

    def may_open_session(self, ip: str) -> bool:
        return self._windows.hit(SESSIONS_PER_ADDRESS, ip)

    def may_signal(self, sid: str) -> bool:
        """Frames that are not messages: typing, seen, session requests."""
        return self._windows.hit(FRAMES_PER_CONNECTION, sid)
