"""What each address must answer each person: one table per topic, joined by tests/test_routes.py."""

from tests.routes import (
    applications,
    behalf,
    chains,
    consultations,
    demands,
    enterprises,
    evaluation,
    ledger,
    pool,
    portal,
    portrait,
    postdoc_tables,
    postdocs,
    publicity,
    register,
    standing,
    targets,
    windows,
)

TABLES = tuple(
    topic.ROUTES
    for topic in (
        applications,
        behalf,
        chains,
        consultations,
        demands,
        enterprises,
        evaluation,
        ledger,
        pool,
        portal,
        portrait,
        postdoc_tables,
        postdocs,
        publicity,
        register,
        standing,
        targets,
        windows,
    )
)
