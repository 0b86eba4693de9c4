"""`manage.py serve` on a small project: it comes up, keeps what it has, and leaves no process however it ends.

The small project has the real manage.py and the real `conductatlas` modules of the start-up, and in place of the
models and pages the least that they need: these tests are about processes, and start a site eight times.
"""

import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from conductatlas.management.commands.serve import check_port_is_free, port_number
from conductatlas.postgres.places import project_folder
from conductatlas.secret import secret_key
from tests.leftovers import eventually, find, left_of, remove_all

COPIED = (
    "manage.py",
    "conductatlas/__init__.py",
    "conductatlas/collected.py",
    "conductatlas/logins.py",
    "conductatlas/management",
    "conductatlas/postgres",
    "conductatlas/secret.py",
    "conductatlas/webserver.py",
    "conductatlas/wsgi.py",
)
WRITTEN = {
    "conductatlas/settings.py": """
import os
from pathlib import Path
import dj_database_url
from conductatlas import postgres
from conductatlas.secret import secret_key
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = BASE_DIR / ".data"
PRODUCTION = False
SECRET_KEY = secret_key(DATA_DIR / "secret_key")
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["platforms", "conductatlas", "django.contrib.auth", "django.contrib.contenttypes",
                  "django.contrib.staticfiles"]
ROOT_URLCONF = "conductatlas.urls"
DATABASES = {"default": dj_database_url.parse(os.environ.get("DATABASE_URL") or postgres.address(),
                                              conn_max_age=60, conn_health_checks=True)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
""",
    "conductatlas/roles.py": 'ROLES = ("analyst", "reviewer", "editor")\n\ndef sync_roles():\n    pass\n',
    "conductatlas/urls.py": """
import os
from django.contrib.auth.models import User
from django.http import HttpResponse, JsonResponse
from django.urls import path
from platforms.models import Platform

def facts(request):
    return JsonResponse({
        "platforms": list(Platform.objects.values_list("name", flat=True)),
        "logins": {user.username: user.password for user in User.objects.filter(is_staff=True)},
        "worker": os.getpid(),
    })

urlpatterns = [path("", facts), path("healthz", lambda request: HttpResponse("ok"))]
""",
    "platforms/__init__.py": "",
    "platforms/models.py": """
from django.db import models

class Platform(models.Model):
    name = models.CharField(max_length=20)
""",
    "platforms/migrations/__init__.py": "",
    "platforms/migrations/0001_initial.py": """
from django.db import migrations, models

class Migration(migrations.Migration):
    operations = [migrations.CreateModel("Platform", [
        ("id", models.BigAutoField(primary_key=True, serialize=False)), ("name", models.CharField(max_length=20))])]
""",
    "platforms/management/__init__.py": "",
    "platforms/management/commands/__init__.py": "",
    "platforms/management/commands/load_catalogue.py": """
from django.core.management.base import BaseCommand
from platforms.models import Platform

class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("path")

    def handle(self, path, **options):
        Platform.objects.create(name=open(f"{path}/name").read())
""",
    "platforms/management/commands/derive.py": """
import os
from django.core.management.base import BaseCommand

class Command(BaseCommand):
    def handle(self, **options):
        os.remove("unsearchable")
""",
    "clauses/__init__.py": "",
    "clauses/catching_up.py": "import os\n\ndef outdated():\n    return False\n"
    "\n\ndef search_outdated():\n    return os.path.exists('unsearchable')\n",
    "fixtures/name": "Pennowisk",
    "static/base.css": "body {}",
}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Path]:
    """The small project, in a folder with a space and a quote in its name."""
    folder = tmp_path / "the site's folder"
    for name in COPIED:
        source, target = project_folder() / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    for name, text in WRITTEN.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    try:
        yield folder
    finally:
        remove_all(folder)


class Site:
    """A running `manage.py serve`."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.port = free_port()
        self.process = manage(folder, "serve", PORT=str(self.port), **environment)
        self.said = ""

    def wait_until_up(self) -> str:
        """Read on until it has said everything that it says at the start."""
        while "Ctrl-C stops everything" not in self.said:
            line = self.process.stdout.readline()
            assert line, f"it ended: {self.said}{self.process.stderr.read()}"
            self.said += line
        return self.said

    def facts(self) -> dict:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{self.port}/", timeout=20) as answer:
            return json.load(answer)

    def end(self, number: signal.Signals | None = None) -> tuple[int, str]:
        """Wait for its end, after a signal if one is given; returns exit code and standard error."""
        if number is not None:
            self.process.send_signal(number)
        rest, errors = self.process.communicate(timeout=60)
        self.said += rest
        return self.process.returncode, errors


def manage(folder: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    ours = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "CONDUCTATLAS_ENV", "CONDUCTATLAS_STATIC", "PYTHONPATH"}
    inherited = {key: value for key, value in os.environ.items() if key not in ours}
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=folder,
        env={**inherited, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.slow
def test_every_way_to_end_it_and_start_it_again(site: Path) -> None:
    """One site, started five times: what it holds stays the same, and after each end no process is left."""
    first = Site(site)
    said = first.wait_until_up()
    assert f"http://127.0.0.1:{first.port}/" in said
    facts = first.facts()
    assert facts["platforms"] == ["Pennowisk"]
    assert sorted(facts["logins"]) == ["analyst", "editor", "reviewer"]
    passwords = json.loads((site / ".data" / "passwords.json").read_text())
    assert all(re.search(rf"{name} +{password}", said) for name, password in passwords.items())
    modes = {stat.S_IMODE((site / ".data" / name).stat().st_mode) for name in ("passwords.json", "secret_key")}
    assert modes == {0o600}
    assert (site / ".data" / "static" / "base.css").exists()
    code, errors = first.end(signal.SIGTERM)
    assert (code, errors) == (0, "")
    assert left_of(site) == {}  # at once: it waits for PostgreSQL's end

    def kept(running: Site) -> dict:
        return {key: value for key, value in running.facts().items() if key != "worker"}

    for victim in ("granian's main process", "a worker", "serve itself"):
        running = Site(site)
        running.wait_until_up()
        assert "Loading the demo catalogue" not in running.said
        assert "Looking at the texts again" not in running.said
        assert kept(running) == {key: value for key, value in facts.items() if key != "worker"}
        main = group_leader(site)
        pid = {"granian's main process": main, "a worker": running.facts()["worker"]}.get(victim, running.process.pid)
        os.kill(pid, signal.SIGKILL)
        code, errors = running.end()
        assert code != 0
        if victim != "serve itself":
            assert "The web server ended by itself" in errors.strip().splitlines()[-1]
            assert left_of(site) == {}
        assert eventually(lambda: left_of(site) == {}), victim

    (site / "unsearchable").touch()  # the search alone is reason enough
    last = Site(site)
    assert "Looking at the texts again" in last.wait_until_up()
    assert not (site / "unsearchable").exists()
    database = find(site, "cluster_name")
    os.kill(database[0], signal.SIGKILL)
    assert eventually(lambda: find(site, "cluster_name") not in ([], database))
    assert eventually(lambda: answers(last))
    assert kept(last) == {key: value for key, value in facts.items() if key != "worker"}
    assert last.end(signal.SIGINT)[0] == 0
    assert left_of(site) == {}


def answers(running: Site) -> bool:
    try:
        return bool(running.facts())
    except OSError:
        return False


def group_leader(site: Path) -> int:
    """granian's main process leads the session that its workers are in."""
    return next(pid for pid in find(site, "conductatlas.webserver") if os.getsid(pid) == pid)


def test_stopped_while_it_still_prepares(site: Path) -> None:
    """Ctrl-C during the first start, when the data folder is being made."""
    running = Site(site)
    assert eventually(lambda: find(site, "supervise"))
    running.end(signal.SIGINT)
    assert eventually(lambda: left_of(site) == {})


def test_port_in_use_is_one_line_and_starts_nothing(site: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with manage(site, "serve", PORT=str(port)) as running:
            said, errors = running.communicate()
    assert running.returncode == 1
    assert said == ""
    assert re.fullmatch(rf"CommandError: Port {port} is in use .*: choose another, for example PORT=\d+\.\n", errors)
    assert left_of(site) == {}


def test_unreachable_database_is_one_line(site: Path) -> None:
    with manage(site, "serve", PORT=str(free_port()), DATABASE_URL="postgresql://ann:hunter2@127.0.0.1:1/x") as running:
        _, errors = running.communicate()
    assert running.returncode == 1
    assert re.fullmatch(r"CommandError: The database postgresql://ann:\*\*\*@127.0.0.1:1/x cannot be .*\n", errors)


def test_another_engine_is_one_line(site: Path) -> None:
    with manage(site, "serve", DATABASE_URL="sqlite:///hunter2.db") as running:
        _, errors = running.communicate()
    assert running.returncode == 1
    assert errors.startswith("DATABASE_URL is no address of a PostgreSQL server")
    assert len(errors.splitlines()) == 1


def test_passwords_before_the_first_start_says_how_to_get_them(site: Path) -> None:
    with manage(site, "passwords") as running:
        _, errors = running.communicate()
    assert running.returncode == 1
    assert "`make run` makes them" in errors
    assert left_of(site) == {}


@pytest.mark.parametrize("text", ["", "0", "65536", "-1", "80a", "８０"])
def test_wrong_port(text: str) -> None:
    with pytest.raises(CommandError, match="set it to a number from 1 to 65535"):
        port_number(text)


def test_free_port() -> None:
    check_port_is_free(free_port())


def test_secret_is_made_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret_key"
    first = secret_key(path)
    assert len(first) >= 50
    assert secret_key(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret_key"]
    path.write_text("")  # what a full disk leaves
    assert len(secret_key(path)) >= 50


def test_processes_that_ask_for_the_secret_at_once_get_the_same(tmp_path: Path) -> None:
    command = f"from conductatlas.secret import secret_key; print(secret_key({str(tmp_path / 'secret_key')!r}))"
    askers = [
        subprocess.Popen([sys.executable, "-c", command], cwd=project_folder(), stdout=subprocess.PIPE, text=True)
        for _ in range(8)
    ]
    assert len({asker.communicate()[0] for asker in askers}) == 1
