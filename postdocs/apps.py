from django.apps import AppConfig


class PostdocsConfig(AppConfig):
    name = "postdocs"
