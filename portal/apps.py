from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import autodiscover_modules


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "基础"

    def ready(self):
        from portal.models import Role

        if unknown := sorted(set(settings.MFA_ROLES) - set(Role.values)):  # they would go without a code
            raise ImproperlyConfigured(
                f"MFA_ROLES: no such role: {', '.join(unknown)}; known: {', '.join(Role.values)}"
            )
        # Each app declares its words, lifecycles, pack sections and jobs in modules of these names.
        autodiscover_modules("facts", "lifecycle", "pack", "handlers", "imports", "intake", "exports")
