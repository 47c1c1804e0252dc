"""What differs between machines comes from the environment; what is missing or unsafe is said before anything runs."""

import re
import runpy
import shutil
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as used
from django.core.exceptions import ImproperlyConfigured

GIVEN = {
    "SECRET_KEY": "long-enough",
    "ALLOWED_HOSTS": "portal.example",
    "HTTPS": "1",
    "PROXIES": "1",
    "DATABASE_URL": "postgres://portal@db:5432/portal",
    "REDIS_URL": "redis://redis:6379/0",
}


@pytest.fixture
def settings_of(monkeypatch):
    """The settings of a machine with this environment; None takes a value away."""

    def read(**values):
        for name, value in (GIVEN | values).items():
            monkeypatch.delenv(name, raising=False)
            if value is not None:
                monkeypatch.setenv(name, value)
        return runpy.run_path(str(used.ROOT / "portal" / "settings.py"))

    return read


@pytest.mark.parametrize("name", GIVEN)
def test_what_must_be_given_has_no_default(name, settings_of):
    with pytest.raises(ImproperlyConfigured, match=name):
        settings_of(**{name: None})


def test_a_secret_may_stand_in_a_file(settings_of, tmp_path):
    (tmp_path / "key").write_text("from a file")
    (tmp_path / "password").write_text("s3\n")
    found = settings_of(
        SECRET_KEY=None, SECRET_KEY_FILE=str(tmp_path / "key"), DATABASE_PASSWORD_FILE=str(tmp_path / "password")
    )
    assert (found["SECRET_KEY"], found["DATABASES"]["default"]["PASSWORD"]) == ("from a file", "s3")


def test_no_environment_turns_debugging_on(settings_of):
    assert settings_of(DEBUG="1")["DEBUG"] is False


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"HTTPS": "0"}, "HTTPS=0 is for loopback only"),
        ({"HTTPS": "0", "ALLOWED_HOSTS": "127.0.0.1,portal.example"}, "HTTPS=0 is for loopback only"),
        ({"DATABASE_URL": "sqlite:///portal.db"}, "DATABASE_URL must name a PostgreSQL database"),
    ],
    ids=["plain for everybody", "plain for one name", "another database"],
)
def test_what_would_not_be_safe_is_refused(given, told, settings_of):
    with pytest.raises(ImproperlyConfigured, match=told):
        settings_of(**given)


def test_behind_https_cookies_are_for_this_host_alone_and_never_sent_plainly(settings_of):
    found = settings_of()
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
    assert [found[name] for name in names] == ["__Host-sid", "__Host-csrf", True, True]
    assert (found["SECURE_SSL_REDIRECT"], found["SECURE_HSTS_SECONDS"]) == (True, 31536000)
    assert found["PASSWORD_HASHERS"][0].endswith("Argon2PasswordHasher")


@pytest.mark.parametrize(
    ("named", "told"),
    [([], ""), (["bureau_approver"], ""), (["bureau_aprover"], "no such role: bureau_aprover; known: handler, ")],
    ids=["none", "one", "a mistyped one"],
)
def test_a_role_that_must_use_a_code_is_one_that_there_is(named, told, settings):
    settings.MFA_ROLES = named
    try:
        apps.get_app_config("portal").ready()
        refused = ""
    except ImproperlyConfigured as error:
        refused = str(error)
    assert (told in refused, bool(refused)) == (True, bool(told))


# --- nothing secret is kept with the code ------------------------------------------------------

SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|\b((AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|sk-[A-Za-z0-9_-]{32,})\b"  # tokens of known makers
    r"|[a-z]://[^ :@/\"'<]*:[^] @/{}$<*\"'()]{6,}@"  # an address with a password
    r"|(?i:secret|passw|token|api_?key)[A-Za-z_]*[\"']?\s*[:=]\s*[\"'][A-Za-z0-9+/_=-]{24,}[\"']"
)
EXAMPLE = "://user:password@"


def secrets_in(text: str) -> list[str]:
    return [line for line in text.splitlines() if SECRETS.search(line) and EXAMPLE not in line]


def test_no_secret_is_in_the_repository():
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if not shutil.which("git") or subprocess.run(command[:2], cwd=used.ROOT, capture_output=True).returncode:
        pytest.skip("only a repository can be looked through")
    names = subprocess.run(command, cwd=used.ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    files = [path for name in names if (path := used.ROOT / name).is_file() and path != Path(__file__)]
    found = {str(path): secrets_in(path.read_text(errors="ignore")) for path in files}
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert len(files) > 100


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("-----BEGIN RSA PRIVATE KEY-----", True),
        ("aws = AKIAABCDEFGHIJKLMNOP", True),
        ("DATABASE_URL=postgres://portal:hunter22@db/portal", True),
        ("SECRET_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789'", True),
        ('SECRET_KEY = env.str("SECRET_KEY")', False),
        ("postgres://user:password@host:5432/name", False),
    ],
    ids=["a private key", "a maker's token", "an address", "a Django key", "no value", "an example"],
)
def test_a_secret_is_known_when_seen(line, secret):
    assert secrets_in(f"first\n{line}\n") == ([line] if secret else [])
