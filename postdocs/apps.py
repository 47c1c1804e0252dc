from django.apps import AppConfig


class PostdocsConfig(AppConfig):
    name = "postdocs"
    topics = ("people", "stays", "visits", "services")  # in the order in which they load
