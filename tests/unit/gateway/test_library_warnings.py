"""Warnings of old libraries are dropped, and nothing else."""

from connectors.gateway.library_warnings import without_library_warnings

SAID = """\
2026-03-02 12:00:00 INFO     root  - Starting Rasa server
/x/site-packages/rasa/shared/validation.py:134: DeprecationWarning: pkg_resources is deprecated
  import pkg_resources
/x/site-packages/pkg_resources/__init__.py:3117: DeprecationWarning: Deprecated call to `declare`.
Implementing implicit namespace packages is preferred. See https://setuptools.example
  declare_namespace(pkg)
/x/site-packages/matplotlib/pattern.py:66: PyparsingDeprecationWarning: 'setParseAction' deprecated
2026-03-02 12:00:01 ERROR    rasa  - an action crashed
Traceback (most recent call last):
  File "/x/site-packages/rasa/core/actions.py", line 1, in run
    raise ValueError
ValueError
"""
KEPT = """\
2026-03-02 12:00:00 INFO     root  - Starting Rasa server
2026-03-02 12:00:01 ERROR    rasa  - an action crashed
Traceback (most recent call last):
  File "/x/site-packages/rasa/core/actions.py", line 1, in run
    raise ValueError
ValueError
"""


def test_warnings_go_and_log_lines_and_tracebacks_stay() -> None:
    heard: list[str] = []
    say = without_library_warnings(heard.append)
    for line in SAID.splitlines():
        say(line)
    assert heard == KEPT.splitlines()
