"""Whether a package is what the desk gave: `vigie verify PACKAGE`.

Belongs here: checks of a package as it lies there, each with a sentence. Does not belong here:
making one (files.py), the register's own chain (register).

    approval   nobody but its producer checked it (told only where it is so)
    files      the list is complete, nothing besides; bytes and hashes
    origin     signature, delivery, the packages it names
    figures    control totals, the same cells in every format, the structure of SDMX
    disclosure what its cells give away by adding and subtracting
    rebuild    written again from its release, byte for byte

Nothing of a package is believed: it may come from anywhere.
"""

from exports.verify.verdict import verify_package

__all__ = ["verify_package"]
