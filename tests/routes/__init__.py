"""What each address must answer each person: one table per topic, joined by tests/test_routes.py."""

from tests.routes import (
    applications,
    behalf,
    chains,
    consultations,
    demands,
    enterprises,
    evaluation,
    inside,
    ledger,
    pool,
    portal,
    portrait,
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
        inside,
        ledger,
        pool,
        portal,
        portrait,
        postdocs,
        publicity,
        register,
        standing,
        targets,
        windows,
    )
)
