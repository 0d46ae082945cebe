"""The publishing core of a content calendar, for Python.

What is ready, what isn't and why; moves through time zones; merges; exports; and publishing to TikTok
and Instagram at most once. Every pure operation is a function here (``plan_shift``,
``evaluate_readiness``), with a type for what goes in and what comes out; ``GenerationStream`` reads an
AI's stream, and ``Engine`` publishes.
"""

import inspect as _inspect

from . import native as _native
from .native import *  # noqa: F403
from .native import __all__ as __all__


def _show_fields(namespace):
    """Lists and tracebacks show a value by its ``repr``: it names the fields, as ``str`` does."""
    for value in vars(namespace).values():
        if _inspect.isclass(value) and value.__module__ == _native.__name__:
            if "__str__" in vars(value):
                value.__repr__ = value.__str__
            if not value.__name__.startswith("_"):
                _show_fields(value)


_show_fields(_native)
