"""Several people at the same moment."""

import threading

from django.db import connection


def at_once(*calls) -> list:
    """Run these at the same moment, each in a thread with a connection of its own; gives results or exceptions."""
    outcomes, barrier = [None] * len(calls), threading.Barrier(len(calls))

    def run(number, call):
        barrier.wait()
        try:
            outcomes[number] = call()
        except Exception as error:
            outcomes[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
