"""Files that hang on a row of another app: each has a `code` and its `file`."""

from collections.abc import Collection, Iterable
from typing import Any

from files.models import StoredFile
from files.storing import check_number


def attach(
    files: Any, stored: Iterable[StoredFile], *, most: int, taken_away: Collection[str] = ()
) -> dict[str, list[str]]:
    """Takes away the files with these codes, adds the stored ones, and says by their digests which came and went, as
    it is recorded. The same content is attached once, however often its button is pressed. `files`: the row's related
    manager, the row being locked. ValidationError `too_many_files`."""
    going = files.filter(code__in=taken_away)
    gone = list(going.values_list("file__sha256", flat=True))
    going.delete()
    kept = set(files.values_list("file__sha256", flat=True))
    new = {each.sha256: each for each in stored if each.sha256 not in kept}
    for each in new.values():
        files.create(file=each)
    check_number(len(kept) + len(new), most)
    return {"files": list(new), "taken_away": gone}
