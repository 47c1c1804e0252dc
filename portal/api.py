"""What every API view shares: default deny by role, pages of 50, the same scopes as the pages."""

from rest_framework.pagination import CursorPagination
from rest_framework.permissions import BasePermission


class HasRole(BasePermission):
    """Only people with one of the view's `roles`; a view that names none lets nobody in."""

    def has_permission(self, request, view):
        user = request.user
        return bool(user and user.is_authenticated and user.scope.roles & frozenset(getattr(view, "roles", ())))


class Pages(CursorPagination):
    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    ordering = "-pk"
