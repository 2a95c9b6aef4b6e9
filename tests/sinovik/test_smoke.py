import pytest
from accounts.models import User
@pytest.mark.django_db
def test_a(secretary=None): assert User.objects.count()==0
@pytest.mark.django_db(transaction=True)
def test_b():
    from audit.models import Event
    Event.objects.create(verb="x",object_type="a",object_key="b"); 
@pytest.mark.django_db(transaction=True)
def test_c():
    from audit.models import Event
    assert Event.objects.count()==0
