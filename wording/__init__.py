"""How sentences are found and filled in: what every package that speaks to people uses.

Imports nothing of ours. Does not belong here: the sentences, which lie in each package
(texts.yaml).
"""
