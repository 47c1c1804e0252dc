"""What every API view shares: nobody is let in who is not named, and who may read may not write."""

import pytest
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from portal.models import Role
from tests import make


class Silent(APIView):
    """A view whose author forgot to name the roles."""

    def get(self, request):
        raise MethodNotAllowed("GET")  # it was let in


class Named(Silent):
    roles = frozenset({Role.AUDITOR})


def asked(view, user) -> int:
    request = APIRequestFactory().get("/")
    if user:
        force_authenticate(request, user)
    return view.as_view()(request).status_code


def test_a_view_that_names_no_role_lets_nobody_in(people):
    assert {asked(Silent, user) for user in (None, *people.values(), make.user(*Role, **everywhere(people)))} == {403}


def everywhere(people) -> dict:
    row = people[Role.HANDLER].appointments.get()
    return {"organisation": row.organisation, "district": row.organisation.district}


@pytest.mark.parametrize("role", Role)
def test_a_view_lets_in_whom_it_names(role, people):
    assert asked(Named, people[role]) == (405 if role == Role.AUDITOR else 403)
