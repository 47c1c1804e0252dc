"""The ground everyone stands on: people, districts, matters, facts, lifecycles, packs, files, jobs."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
