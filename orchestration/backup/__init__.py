"""Copies of a data folder, and a data folder made from a copy, with proof.

| module | what |
|---|---|
| `store` | the folder of copies: contents by hash, one sealed manifest each, verifying, retention |
| `contents` | what of a data folder belongs in a copy |
| `databases` | the databases that people fill, at rest, and back into either engine |
| `make` | making a copy while others work |
| `keys` | the keys, which are never in a copy: their marks, their encrypted file |
| `restore` | an empty folder becomes the data folder of a copy |
| `proof` | what shows that it did: hashes, totals, register, doctor, a release built again |

Does not belong here: reading arguments (orchestration/commands), what stands in any
of the files.
"""
