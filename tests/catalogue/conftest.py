"""The catalogue's own cast: an innovation of the agency that won."""

import pytest

from catalogue import actions
from catalogue.models import Innovation


@pytest.fixture
def innovation(agency) -> Innovation:
    facts = {"title": "Antar Obat", "year": 2019, "tier": "winner", "label": "Top 45"}
    return actions.record_award(agency=agency, **facts).innovation
