from django.apps import AppConfig


class PostdocsConfig(AppConfig):
    name = "postdocs"
    topics = ("people", "stays", "rosters", "insurance", "selections")  # in the order in which they load
