"""Make the font of printed papers from the web font, if it isn't there yet."""

from concurrent.futures import ProcessPoolExecutor

from django.core.management.base import BaseCommand, CommandError

from portal import font


class Command(BaseCommand):
    help = "Make the font of printed papers (portal/print.ttf) from the front end's web font."

    def handle(self, *args, **options):
        if font.FONT.exists():
            return
        try:
            with ProcessPoolExecutor() as pool:
                font.make(pool.map)
        except font.NoFont as missing:
            raise CommandError(str(missing)) from missing
