"""Model letters: each is a Word document the portal itself would accept, and the same bytes every time."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from files.storing import store
from helpdesk.model_letters import model_letters


@pytest.mark.parametrize("key", model_letters())
def test_anybody_fetches_a_letter_that_opens(as_user, key, db):
    answer = as_user(None).get(reverse("helpdesk:model_letter", args=[key]))
    assert f'filename="{key}.docx"' in answer["Content-Disposition"]
    assert answer.content == model_letters()[key].as_docx()
    kept = store(SimpleUploadedFile(f"{key}.docx", answer.content), kinds=["office"], by=None, max_mb=1)
    assert kept.media_type == answer["Content-Type"]


def test_the_page_names_each_and_no_other_is_there(as_user, db):
    page = as_user(None).get(reverse("helpdesk:model_letters")).content.decode()
    assert all(reverse("helpdesk:model_letter", args=[key]) in page for key in model_letters())
    assert as_user(None).get(reverse("helpdesk:model_letter", args=["lain"])).status_code == 404
