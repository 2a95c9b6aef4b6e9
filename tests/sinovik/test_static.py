"""The one third-party file that browsers get is the official one, byte for byte."""

import hashlib

import pytest
from django.contrib.staticfiles import finders

BOOTSTRAP = {"bootstrap/css/bootstrap.min.css": "d85327d99c7a3ee1f9b5d0500d1370acea3ad2db39c163c2f51f232baedbdede"}


@pytest.mark.parametrize(("name", "digest"), BOOTSTRAP.items())
def test_bootstrap_is_the_distributed_file(name, digest):
    path = finders.find(name)
    assert path
    with open(path, "rb") as file:
        assert hashlib.sha256(file.read()).hexdigest() == digest
