"""`python3 -m tools.setup`: everything a bare clone needs, in order; silent when nothing is to be done.

Standard library only: it runs before there is an environment.
"""

import argparse
import sys

from tools.setup import browser, encoder, environments, pages
from tools.setup.steps import SetupError


def main() -> int:
    """Set up what `--for` needs: run (the default), or test, which adds the tools and the browser of the tests."""
    parser = argparse.ArgumentParser(prog="python3 -m tools.setup")
    parser.add_argument("--for", dest="purpose", choices=("run", "test"), default="run")
    purpose = parser.parse_args().purpose
    try:
        environments.set_up(with_test_tools=purpose == "test")
        pages.build()
        encoder.convert()
        if purpose == "test":
            browser.install()
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
