"""Django's admin with the list of stations, as somebody sets it up who knows it: what a page of ours is compared with.

The same columns and filters, the same number of rows, all that a row shows joined. Rights are left out: everybody may
see everything, which ours has to ask for.
"""

from django.contrib import admin
from django.urls import include, path

from stations.models import Station


class Site(admin.AdminSite):
    def has_permission(self, request):
        return True


class Stations(admin.ModelAdmin):
    list_display = ("name", "number", "kind", "level", "place", "chain", "approved_on", "approval_document", "status")
    list_filter = ("matter__district", "kind", "status", "chain")
    list_select_related = ("matter__district", "enterprise__organisation", "chain")
    list_per_page = 50
    ordering = ("-approved_on", "-pk")
    search_fields = ("matter__number", "matter__organisation__name")

    def number(self, row):
        return row.matter.number

    def place(self, row):
        return row.matter.district.name

    def has_view_permission(self, request, obj=None):
        return True

    has_module_permission = has_add_permission = has_change_permission = has_delete_permission = has_view_permission


site = Site()
site.register(Station, Stations)
urlpatterns = [path("admin/", site.urls), path("", include("portal.urls"))]
handler400, handler403 = "portal.views.errors.bad_request", "portal.views.errors.forbidden"
handler404, handler500 = "portal.views.errors.not_found", "portal.views.errors.server_error"
