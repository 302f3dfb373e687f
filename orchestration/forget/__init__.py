"""Forgetting persons: identifiers out of everything that stays, figures as they were.

| module | what |
|---|---|
| `trace` | `$VIGIE_HOME/forgotten`: who forgot whom, why and when, without saying whom |
| `releases` | a release with the identifiers replaced, every other value as it was |
| `notices` | subscriptions, messages of the outbox and alarms that name a person |
| `expired` | whose keeping time has passed, and who owes nothing |
| `act` | the order of things, and going on after a kill |

What the raw history is rewritten by stands in `ingest/forget.py`, the states of sources in
`ingest/source/forget.py`. Does not belong here: how long anything is kept (the contracts declare
it, ingest/expiry.py counts it), the command (orchestration/commands/forget.py).
"""
