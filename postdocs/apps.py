from django.apps import AppConfig


class PostdocsConfig(AppConfig):
    name = "postdocs"
    topics = (
        "people",
        "stays",
        "outcomes",
        "visits",
        "services",
        "destinations",
        "filing",
    )  # in the order in which they load
