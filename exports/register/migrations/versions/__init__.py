"""The steps, one file each, in the order of their numbers. Does not belong here: anything else."""
