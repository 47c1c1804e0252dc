"""What every API view shares: default deny by role, pages of 50, the same scopes as the pages."""

from copy import deepcopy

from drf_spectacular.contrib.django_filters import DjangoFilterExtension
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


class DescribedFilters(DjangoFilterExtension):
    """The filters of an address, for the API's description.

    To describe a filter, drf-spectacular builds its form field, which django-filter keeps on the filter, and that
    belongs to the class: every page of the process would offer the choices of that moment. So a copy is described.
    """

    priority = 1  # before the library's own extension, which it replaces

    def resolve_filter_field(self, auto_schema, model, filterset_class, field_name, filter_field):
        return super().resolve_filter_field(auto_schema, model, filterset_class, field_name, deepcopy(filter_field))
