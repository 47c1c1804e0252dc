from django.apps import AppConfig


class StationsConfig(AppConfig):
    name = "stations"
    topics = (  # in the order in which they load
        "chains",
        "enterprises",
        "registrations",
        "register",
        "ledger",
        "applications",
        "windows",
        "behalf",
        "pool",
        "evaluation",
        "publicity",
        "standing",
        "demands",
        "consultations",
        "portrait",
    )
