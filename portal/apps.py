from importlib import import_module

from django.apps import AppConfig, apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import autodiscover_modules, module_has_submodule


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "基础"

    def ready(self):
        from portal.models import Role

        if unknown := sorted(set(settings.MFA_ROLES) - set(Role.values)):  # they would go without a code
            raise ImproperlyConfigured(
                f"MFA_ROLES: no such role: {', '.join(unknown)}; known: {', '.join(Role.values)}"
            )
        # Each app and each topic of it declares its words, lifecycles, pack sections and jobs in modules of these names.
        names = ("facts", "lifecycle", "pack", "handlers", "imports", "intake", "exports")
        autodiscover_modules(*names)
        for app in apps.get_app_configs():
            for topic in getattr(app, "topics", ()):
                for name in names:
                    if module_has_submodule(import_module(f"{app.name}.{topic}"), name):
                        import_module(f"{app.name}.{topic}.{name}")
