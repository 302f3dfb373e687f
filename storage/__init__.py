"""The only place that opens databases and Parquet files of a data folder, encrypted or not.

Belongs here: the key and where it comes from, the mark of an encrypted folder, opening, attaching,
SQL that reads or writes Parquet, the form of one file changed into the other. Does not belong here:
what is in a file, which files a folder has to have, the order in which a whole folder is changed
(orchestration/encrypt.py). Without a key everything here is DuckDB as it is.
"""
