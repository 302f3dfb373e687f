"""The figures of a package in SDMX 3.0: structures, SDMX-CSV 2.0, SDMX-ML 3.0.

Belongs here: how a statistic is said in the model of SDMX, the messages, and whether data conform
to their structure. Does not belong here: which cells leave (protection), the CSV that people read
(writers).

One statistic is one data structure and one dataflow of the same id (`T04`), agency CNA_NH. Its key
is FREQ, its breakdowns, MEASURE and TIME_PERIOD; the value is OBS_VALUE. The structures have the
version 1.0, which SDMX does not take for a promise that they never change: a list of codes grows
with the data. The version of the definitions is an annotation.
"""
