"""The commands of `vigie`, each in a file of its name.

Belongs here: reading the arguments and calling one function, the exit code, the form in which what
was found is told (`*_view.py`), what the commands have in common (options.py). Heavy modules load
inside a command, so that `--help` does not wait for them. Does not belong here: the work of any
command.
"""
