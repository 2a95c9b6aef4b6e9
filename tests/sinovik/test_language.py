import pytest


@pytest.mark.parametrize(
    ("cookie", "browser", "spoken"),
    [("", "", "id"), ("", "en-US,en", "id"), ("en", "", "en"), ("en", "id", "en"), ("fr", "fr", "id")],
)
def test_the_portal_speaks_indonesian_until_the_reader_chooses(client, db, cookie, browser, spoken):
    if cookie:
        client.cookies["django_language"] = cookie
    answer = client.get("/help/", headers={"accept-language": browser})
    assert f'<html lang="{spoken}"' in answer.content.decode()
