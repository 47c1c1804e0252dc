from django.apps import AppConfig


class PostdocsConfig(AppConfig):
    name = "postdocs"
    topics = ("people", "stays", "destinations", "filing")  # in the order in which they load
