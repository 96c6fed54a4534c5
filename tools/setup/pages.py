"""The web pages, built from their lock file with the Node of the gateway's environment."""

from collections.abc import Iterator
from pathlib import Path

from tools.setup.steps import GATEWAY_BIN, ROOT, Stamp, path_with, run, say

PAGES = ROOT / "connectors" / "pages"
BUILT = PAGES / "dist"
MADE_BY_US = {"node_modules", "dist"}


def build() -> None:
    """`npm ci` and `npm run build`, each only when its inputs changed since."""
    install_packages()
    built = Stamp(BUILT / ".built-from", _sources())
    if built.is_current():
        return
    say("Building the web pages")
    npm("run", "build", "--silent")
    built.set()


def install_packages() -> None:
    packages = Stamp(PAGES / "node_modules" / ".installed-from", [PAGES / "package-lock.json"])
    if packages.is_current():
        return
    say("Installing what the web pages are built with")
    npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    packages.set()


def npm(*arguments: str) -> None:
    """Run npm in the pages' folder. Raises SetupError."""
    run([GATEWAY_BIN / "npm", *arguments], f"npm {' '.join(arguments)}", cwd=PAGES, env=path_with(GATEWAY_BIN))


def _sources() -> Iterator[Path]:
    for path in PAGES.rglob("*"):
        if path.is_file() and not MADE_BY_US.intersection(path.relative_to(PAGES).parts):
            yield path
