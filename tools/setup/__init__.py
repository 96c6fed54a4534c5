"""From a bare clone to something that runs: `python3 -m tools.setup`."""
