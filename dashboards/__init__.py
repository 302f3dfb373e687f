"""Pages that people read: they show what a release holds and compute no figure of their own.

Belongs here: navigation, filters, charts, wording, the French and Dutch interface. Does not belong
here: definitions and labels of data (they come with the release), statistics packages (exports).
"""
