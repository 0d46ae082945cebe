"""The publishing core of a content calendar, for Python.

What is ready, what isn't and why; moves through time zones; merges; exports; and publishing to TikTok
and Instagram at most once. Every pure operation is a function here (``plan_shift``,
``evaluate_readiness``), with a dataclass-like type for what goes in and what comes out; ``Calendar``
holds a calendar, and ``Engine`` publishes.
"""

from .native import *  # noqa: F403
from .native import __all__ as __all__
