import re

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User


def test_a_new_person_chooses_a_password_and_logs_in(db, client, capsys):
    call_command("add_secretariat", "Rina@panrb.go.id", "Rina Wulandari")
    link = re.search(r"http://[^/]+(\S+)", capsys.readouterr().out)[1]
    form = client.get(link, follow=True)
    new = "tim-sekretariat-2023"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    client.post("/accounts/login/", {"login": "rina@panrb.go.id", "password": new})
    assert client.session["_auth_user_id"] == str(User.objects.secretariat().get().pk)


def test_a_known_person_is_raised_without_a_link(innovator, capsys):
    innovator.set_password("sudah-ada-sejak-lama")
    innovator.save()
    for _again in range(2):
        call_command("add_secretariat", innovator.email, "Nama Lain")
    innovator.refresh_from_db()
    assert (innovator.is_secretariat, innovator.name) == (True, "Innovator")
    assert "http" not in capsys.readouterr().out


def test_a_wrong_address(db):
    with pytest.raises(CommandError):
        call_command("add_secretariat", "rina", "Rina")
