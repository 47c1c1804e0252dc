from importlib import import_module

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import module_has_submodule


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "基础"

    def ready(self):
        from portal.models import Role

        if unknown := sorted(set(settings.MFA_ROLES) - set(Role.values)):  # they would go without a code
            raise ImproperlyConfigured(
                f"MFA_ROLES: no such role: {', '.join(unknown)}; known: {', '.join(Role.values)}"
            )
        # Each app, and each topic of it, declares its words, lifecycles, pack sections and jobs in modules of these names.
        declared("facts", "lifecycle", "pack", "handlers", "imports", "intake", "exports", "links")


def declared(*names: str) -> None:
    """Import the modules of these names: of each app, then of its `topics` in their order."""
    for app in apps.get_app_configs():
        places = [app.name, *(f"{app.name}.{topic}" for topic in getattr(app, "topics", ()))]
        for name in names:
            for place in places:
                if module_has_submodule(import_module(place), name):
                    import_module(f"{place}.{name}")
