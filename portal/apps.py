from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "基础"

    def ready(self):
        # Each app declares its words, lifecycles, pack sections and jobs in modules of these names.
        autodiscover_modules("facts", "lifecycle", "pack", "handlers")
