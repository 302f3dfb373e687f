"""The synthetic fund: deliveries that look like those of the real one, made from a seed.

Belongs here: everything about made-up data. It imports nothing else of the project, computes
legal amounts with its own code (so that the warehouse can be checked against it) and holds no
fact about any real person.
"""

from .errors import SampleError
from .generate import SampleSummary, generate

__all__ = ["SampleError", "SampleSummary", "generate"]
