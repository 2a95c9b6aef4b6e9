import pytest
from django.core.files.base import ContentFile

from files.storage import WholeFileStorage


class Torn(ContentFile):
    """A file that breaks off in the middle, as a full disk or a lost connection does."""

    def chunks(self, chunk_size=None):
        yield b"half"
        raise OSError("No space left on device")


def test_a_file_broken_off_leaves_nothing(tmp_path):
    storage = WholeFileStorage(location=tmp_path)
    with pytest.raises(OSError, match="No space"):
        storage.save("ab/cd/abcd", Torn(b""))
    assert not storage.exists("ab/cd/abcd")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_same_name_again_is_the_same_file(tmp_path):
    storage = WholeFileStorage(location=tmp_path)
    assert storage.save("ab/abc", ContentFile(b"one")) == storage.save("ab/abc", ContentFile(b"one")) == "ab/abc"
    assert (tmp_path / "ab" / "abc").read_bytes() == b"one"
