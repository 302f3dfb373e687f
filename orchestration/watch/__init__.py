"""Watching a data folder: what is measured of it, what raises an alarm, who is told.

Belongs here: facts, metrics, alarms, the record of runs. Does not belong here: looking at each file
(doctor), what subscribers asked for (sending.py).
"""
