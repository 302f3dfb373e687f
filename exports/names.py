"""How the files of a package are called.

Does not belong here: which of them a package has (package.py), what stands in one.
"""

MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig.json"
CODES = "codes.csv"
#: What the description of a CSV is called after it.
METADATA = "-metadata.json"
SDMX = "sdmx"
STRUCTURE = "structure.xml"
DATAPACKAGE = "datapackage.json"
DCAT = "dcat.json"
