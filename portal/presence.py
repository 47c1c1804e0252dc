"""Who else is looking at a matter just now. Kept in Redis for a minute; without Redis nobody is seen, and nothing else
is different."""

import time
from functools import cache

import redis
from django.conf import settings

from portal.models import Matter

SECONDS = 60


@cache
def store() -> redis.Redis:
    patience = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}
    return redis.Redis.from_url(settings.REDIS_URL, decode_responses=True, **patience)


def looking(matter: Matter, user) -> list[str]:
    """Note that this person looks at the matter, and name the others who did within the last minute."""
    key, now, me = f"looking:{matter.pk}", time.time(), f"{user.pk}:{user.name}"
    try:
        with store().pipeline() as pipe:
            pipe.zadd(key, {me: now})
            pipe.zremrangebyscore(key, 0, now - SECONDS)
            pipe.expire(key, SECONDS)
            pipe.zrange(key, 0, -1)
            found = pipe.execute()[-1]
    except redis.RedisError:
        return []
    return [member.partition(":")[2] for member in found if member.partition(":")[0] != str(user.pk)]
