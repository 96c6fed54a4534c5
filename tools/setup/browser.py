"""The browser of the tests: Debian's Chromium."""

import os
import shutil

from tools.setup.steps import SetupError, run, say

NAMES = ("chromium", "chromium-browser", "google-chrome")


def install() -> None:
    """Install Chromium unless there is one. Raises SetupError where that takes rights or a package manager we lack."""
    if any(shutil.which(name) for name in NAMES):
        return
    if not shutil.which("apt-get") or os.geteuid() != 0:
        raise SetupError("the tests need Chromium; install it (Debian: sudo apt-get install chromium) and try again")
    say("Installing Chromium for the tests")
    run(["apt-get", "update", "-qq"], "read the package lists")
    run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], "install chromium")
