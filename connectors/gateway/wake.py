"""Where a loop sleeps until a hint calls it, or until it is time to look without one."""

import asyncio


class Wake:
    """Calls while the loop is at work are not lost: it looks once more before it sleeps."""

    def __init__(self) -> None:
        self._called = asyncio.Event()

    def call(self) -> None:
        self._called.set()

    async def sleep(self, at_most: float) -> bool:
        """Return when called, or after ``at_most`` seconds. Whether it was a call."""
        try:
            async with asyncio.timeout(at_most):  # wait_for may swallow a cancellation (Python 3.11)
                await self._called.wait()
        except TimeoutError:
            return False
        finally:
            self._called.clear()
        return True
