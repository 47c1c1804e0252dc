from django.apps import AppConfig


class PostdocsConfig(AppConfig):
    name = "postdocs"
    topics = (
        "people",
        "particulars",
        "stays",
        "outcomes",
        "visits",
        "services",
        "destinations",
        "filing",
        "careers",
        "disclosures",
        "duplicates",
        "own",
        "prospects",
        "rosters",
        "insurance",
        "selections",
        "inside",
        "due",
        "matched",
    )  # in the order in which they load
