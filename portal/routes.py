"""A page and the roles that may open it stand in one line of a urls.py; rows are `visible_to`'s business."""

from collections.abc import Iterable
from functools import wraps
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.urls import path, resolve


def page(route: str, view, *, name: str, roles: Iterable[str]):
    """A path that only people holding one of `roles` may open; others are told which roles may."""
    allowed = frozenset(roles)

    @wraps(view)
    def checked(request, *args, **kwargs):
        if not request.user.scope.roles & allowed:
            raise PermissionDenied(allowed)
        return view(request, *args, **kwargs)

    vars(checked)["roles"] = allowed
    return path(route, checked, name=name)


def may_open(user, address: str) -> bool:
    """Whether the page at this address of ours lets a person of these roles in; which rows they see there is another
    question."""
    roles = getattr(resolve(urlsplit(address).path).func, "roles", None)
    return roles is None or bool(user.scope.roles & roles)
