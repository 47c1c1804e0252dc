from django.apps import AppConfig


class PostdocsConfig(AppConfig):
    name = "postdocs"
    topics = ("people", "stays", "inside", "due")  # in the order in which they load
