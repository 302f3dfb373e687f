"""The register of the statistics desk: who asked what, what became of it, who says so.

| module | what |
|---|---|
| `event`, `store`, `database`, `guards`, `migrations` | one table that only grows, in two engines |
| `head`, `anchors`, `chain` | no line was changed, removed, swapped, inserted or cut off |
| `states` | the moves that exist |
| `request`, `fold` | a request as its events make it |
| `people` | who acts, who may not |
| `desk` | the desk as one person works at it: reading, recording, folders, earlier deliveries |
| `house`, `upkeep` | what holds for the whole desk: how many check, a seal that was made anew |
| `ballots` | verdicts that nobody may know yet |
| `kept` | releases that packages may be made again from; clearing away what never left |
| `reception`, `production`, `review`, `delivery` | what one can do |
| `office` | making packages, the only part that knows statistics |
| `recurrent`, `calendar`, `promise` | requests that come back by themselves; SC36, SC37 |
| `clock`, `folder`, `texts` | days of Brussels; where packages lie and their hashes; sentences |

Does not belong here: which cells may leave (protection), the rules before a review (validation),
the form of a package.
"""
