from django.apps import AppConfig


class SubsidiesConfig(AppConfig):
    name = "subsidies"
    topics = (
        "schemes",
        "entitlements",
        "accounts",
        "claims",
        "ledger",
        "recoveries",
        "payments",
        "publicity",
        "boards",
        "cards",
    )  # in the order in which they load
