from django.apps import AppConfig


class TargetsConfig(AppConfig):
    name = "targets"
    topics = (
        "plans",
        "boards",
        "reported",
        "returns",
        "activities",
        "duties",
        "reports",
    )  # in the order in which they load
