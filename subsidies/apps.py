from django.apps import AppConfig


class SubsidiesConfig(AppConfig):
    name = "subsidies"
    topics = ("schemes", "entitlements", "accounts", "claims", "ledger", "payments")  # in the order in which they load
