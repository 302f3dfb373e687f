"""Errors of the sample fund that a person reads: one sentence each."""


class SampleError(Exception):
    """An argument of the sample fund is out of range, or its place is taken."""
