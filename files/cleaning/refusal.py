class Refused(Exception):
    """The file is not taken; the argument is the reason's code, a key of files.refusals.REASONS."""
