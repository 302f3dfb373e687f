"""The synthetic fund: deliveries that look like those of the real one, made from a seed.

Belongs here: everything about made-up data. It imports nothing else of the project, computes
legal amounts with its own code (so that the warehouse can be checked against it) and holds no
fact about any real person.

It is one flow, and each module imports only those above it (tests/contract/test_sample_order.py
reads this list):
    tools          errors, calendar, schema, frame, truth, law
    calibration    calibration
    people         people, companies
    careers        careers, affiliations
    charges        contributions, collection, relief, charges, company_charges
    recovery       recovery, dossiers
    benefits       affiliate_chunk, benefits
    service        transmissions, service
    anomalies      lapses, prescription, general_ledger
    files          writer, quarantine, chunks, generate
    database       database
What is charged (contributions), how it is paid (collection, the walk through the quarters) and
what is taken off (relief) meet in the rows of `charges` and `payments` (charges).
"""

from .errors import SampleError
from .generate import SampleSummary, generate

__all__ = ["SampleError", "SampleSummary", "generate"]
