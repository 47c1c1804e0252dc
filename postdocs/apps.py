from django.apps import AppConfig


class PostdocsConfig(AppConfig):
    name = "postdocs"
    topics = ("people", "stays", "outcomes", "visits", "services")  # in the order in which they load
