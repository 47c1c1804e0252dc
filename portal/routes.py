"""A page and the roles that may open it stand in one line of a urls.py; rows are `visible_to`'s business."""

from collections.abc import Iterable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.urls import path


def page(route: str, view, *, name: str, roles: Iterable[str]):
    """A path that only people holding one of `roles` may open; others are told which roles may."""
    allowed = frozenset(roles)

    @wraps(view)
    def checked(request, *args, **kwargs):
        if not request.user.scope.roles & allowed:
            raise PermissionDenied(allowed)
        return view(request, *args, **kwargs)

    return path(route, checked, name=name)
