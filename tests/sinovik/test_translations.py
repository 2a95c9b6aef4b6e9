"""The catalogues are extracted, kept, checked and compiled without GNU gettext."""

import gettext

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from sinovik import translations

PY = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
A = _("Send")
B = ngettext("%(count)d proposal", "%(count)d proposals", 2)
C = pgettext("calendar", "May")
"""
HTML = """
{% load i18n %}
    <h1>{% translate "It's here" %}</h1>
{% if x %}
  {% blocktranslate trimmed count n=number %}
    {{ n }} letter
  {% plural %}
    {{ n }} letters
  {% endblocktranslate %}
{% endif %}
"""


@pytest.fixture
def app(tmp_path, monkeypatch, settings):
    """An app of two files in a folder of its own."""
    settings.BASE_DIR = tmp_path
    for path, text in {"files/texts.py": PY, "templates/files/page.html": HTML, "files/migrations/0001.py": PY}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    monkeypatch.setattr(apps.get_app_config("files"), "path", str(tmp_path / "files"))
    return "files"


def translate(app, *pairs):
    path = translations.catalogue_path(app)
    text = path.read_text()
    for original, translation in pairs:
        before, found, after = text.partition(original)
        assert found
        text = before + found + after.replace('""', f'"{translation}"', 1)
    path.write_text(text)


def translate_all(app):
    translations.update(app)
    translate(
        app, ('msgid "Send"', "Kirim"), ('"May"', "Mei"), ('msgid "It\'s here"', "Sudah ada"),
        ('"%(count)d proposals"', "%(count)d proposal"), ('"%(n)s letters"', "%(n)s surat"),
    )  # fmt: skip


def test_code_and_templates_are_extracted(app):
    assert translations.update(app) == (5, 5)
    text = translations.catalogue_path(app).read_text()
    assert 'msgctxt "calendar"\nmsgid "May"' in text
    assert '#: templates/files/page.html\n#, python-format\nmsgid "%(n)s letter"\nmsgid_plural "%(n)s letters"' in text
    assert "msgstr[1]" not in text  # Indonesian has one form
    assert "migrations" not in text


def test_updating_keeps_translations_and_is_stable(app):
    translate_all(app)
    before = translations.catalogue_path(app).read_text()
    assert translations.update(app) == (5, 0)
    assert translations.catalogue_path(app).read_text() == before


def test_compiled_messages_speak(app):
    translate_all(app)
    translations.compile_catalogue(app)
    with translations.catalogue_path(app).with_suffix(".mo").open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    assert spoken.gettext("Send") == "Kirim"
    assert spoken.ngettext("%(n)s letter", "%(n)s letters", 5) == "%(n)s surat"


def test_a_complete_catalogue_has_no_problems(app):
    translate_all(app)
    assert list(translations.problems(app)) == []


def test_each_problem_is_named(app, tmp_path):
    translate_all(app)
    (tmp_path / "files" / "texts.py").write_text(PY.replace("Send", "Withdraw"))
    translate(app, ('msgid "%(n)s letter"', ""))
    path = translations.catalogue_path(app)
    path.write_text(path.read_text().replace('%(count)d proposal"\n\n', '%(jumlah)d proposal"\n\n').replace("Mei", ""))
    found = list(translations.problems(app))
    assert "files: missing: 'Withdraw' (files/texts.py)" in found
    assert "files: not translated: 'May' (files/texts.py)" in found
    assert "files: other placeholders than the original: '%(count)d proposal' (files/texts.py)" in found
    assert "files: no longer said: 'Send' (files/texts.py)" in found


def test_checking_fails_and_writes_nothing(app, capsys):
    with pytest.raises(CommandError, match="5 messages need attention"):
        call_command("messages", "--check", app)
    assert "missing: 'Send'" in capsys.readouterr().err
    assert not translations.catalogue_path(app).exists()


def test_an_unknown_app_is_refused():
    with pytest.raises(CommandError, match="No app of ours: admin"):
        call_command("messages", "admin")
