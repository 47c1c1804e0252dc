from django.apps import AppConfig


class PostdocsConfig(AppConfig):
    name = "postdocs"
    topics = (
        "people",
        "stays",
        "careers",
        "disclosures",
        "duplicates",
        "own",
        "prospects",
    )  # in the order in which they load
