import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage.handler import StorageHandler

from files.storage import WholeFileStorage
from sinovik.services import file_store


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


def test_a_setting_names_an_s3_store_that_is_never_public():
    chosen = file_store("s3://kunci:ra%2Fhasia@s3.example.go.id:9000/berkas?region=ap-southeast-3&scheme=http")
    handler = StorageHandler({"default": chosen})
    storage = handler["default"]
    assert storage.bucket_name == "berkas"
    assert storage.endpoint_url == "http://s3.example.go.id:9000"
    assert (storage.access_key, storage.secret_key) == ("kunci", "ra/hasia")
    assert storage.default_acl is None
    assert storage.get_available_name("ab/abc") == "ab/abc"
    assert "s3.example.go.id:9000/berkas/ab/abc" in storage.url("ab/abc")


@pytest.mark.parametrize("url", ["s3://host", "s3:///bucket", "https://host/bucket", "s3://host/a/b"])
def test_a_wrong_address_of_the_store_is_said_at_the_start(url):
    with pytest.raises(ImproperlyConfigured, match="STORAGE_URL"):
        file_store(url)


def test_without_the_setting_files_lie_on_this_machine():
    assert file_store("") == {"BACKEND": "files.storage.WholeFileStorage"}
