"""What `make` calls: prepares .venv from the lock files, then runs the verb in it.

Only the standard library, and syntax that Python 3.6 can read: an old Python has to say in one line that it is too old.
"""

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "conductatlas-installed.json")
UNFINISHED = os.path.join(VENV, "conductatlas-unfinished")
LOCKS = {"run": os.path.join(ROOT, "requirements", "run.txt"), "dev": os.path.join(ROOT, "requirements", "dev.txt")}

OLDEST_PYTHON = (3, 11)
ROOM_NEEDED = 1024**3  # the environment with the tests' tools takes about 600 MB, the database 100 MB
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

TEST = ["-m", "pytest", "-n", "auto", "--dist", "worksteal"]
LINT = [
    ["-m", "ruff", "check", "."],
    ["-m", "ruff", "format", "--check", "."],
    ["-m", "djlint", "--check", "--quiet", "templates"],
    ["-m", "mypy"],
    ["manage.py", "format_catalogue", "fixtures", "--check"],
    ["manage.py", "makemigrations", "--check", "--dry-run"],
]
FORMAT = [
    ["-m", "ruff", "check", "--fix", "."],
    ["-m", "ruff", "format", "."],
    ["-m", "djlint", "--reformat", "--quiet", "templates"],
    ["manage.py", "format_catalogue", "fixtures"],
]
COMPILE = [
    "-m",
    "piptools",
    "compile",
    "--quiet",
    "--strip-extras",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-emit-trusted-host",
]


class CannotStart(Exception):
    """Something is missing that the person at the keyboard can provide; the message is one line."""


def main(arguments):
    """Run the verb; returns an exit code, or does not return because the verb's program has taken over."""
    verbs = {
        "run": run,
        "passwords": passwords,
        "test": test,
        "lint": lint,
        "format": reformat,
        "bench": bench,
        "lock": lock,
    }
    if len(arguments) != 1 or arguments[0] not in verbs:
        print("usage: bootstrap.py " + "|".join(verbs), file=sys.stderr)
        return 2
    try:
        check_python()
        return verbs[arguments[0]]()
    except CannotStart as problem:
        print(str(problem), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


# The verbs


def run():
    prepare("run")
    become(["manage.py", "serve"])


def passwords():
    prepare("run")
    become(["manage.py", "passwords"])


def test():
    prepare("dev")
    offer_chromium()
    # Every worker would compile all tests and all of the project anew, and so would every program that a test starts.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    become(TEST + shlex.split(os.environ.get("ARGS", "")))


def lint():
    prepare("dev")
    return run_all(LINT)


def reformat():
    prepare("dev")
    return run_all(FORMAT)


def bench():
    prepare("dev")
    become(["-m", "benchmarks", *shlex.split(os.environ.get("ARGS", ""))])


def lock():
    """Write the lock files anew from pyproject.toml: the newest versions it allows, no address of any index."""
    prepare("dev")
    os.environ["CUSTOM_COMPILE_COMMAND"] = "make lock"
    upgrade = ["--upgrade"]
    return run_all(
        [
            COMPILE + upgrade + ["--output-file", "requirements/run.txt", "pyproject.toml"],
            COMPILE
            + upgrade
            + ["--extra", "dev", "--allow-unsafe", "--constraint", "requirements/run.txt"]
            + ["--output-file", "requirements/dev.txt", "pyproject.toml"],
        ]
    )


def become(arguments):
    """Replace this process, so that signals and exit codes are those of the program itself."""
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(VENV_PYTHON, [VENV_PYTHON, *arguments])


def run_all(commands):
    """Run every command, the later ones too when one fails, and name those that failed."""
    failed = []
    for arguments in commands:
        shown = " ".join(arguments[1:] if arguments[0] == "-m" else arguments)
        print("--- " + shown, flush=True)
        if subprocess.call([VENV_PYTHON, *arguments], cwd=ROOT) != 0:
            failed.append(shown)
    for shown in failed:
        print("failed: " + shown, file=sys.stderr)
    return 1 if failed else 0


# The environment


def check_python():
    if sys.version_info[:2] < OLDEST_PYTHON:
        raise CannotStart(
            "Python {}.{} or newer is needed; this is {}.{} ({}). Name a newer one: make run PYTHON=python3.12".format(
                *(OLDEST_PYTHON + tuple(sys.version_info[:2]) + (sys.executable,))
            )
        )


def check_venv():
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise CannotStart(
            "This Python ({}) has no venv module: on Debian and Ubuntu, apt install python3-venv".format(sys.executable)
        ) from None


def check_room():
    free = shutil.disk_usage(ROOT).free
    if free < ROOM_NEEDED:
        raise CannotStart(
            "About {} MB are needed in {}, and {} MB are free: make room there.".format(
                ROOM_NEEDED >> 20, ROOT, free >> 20
            )
        )


def prepare(wanted):
    """Make .venv agree with the lock file `wanted` (run or dev). Does nothing, in no time, when it agrees already."""
    if is_installed(wanted):
        return
    check_venv()
    check_room()
    with EnvironmentLock():
        if is_installed(wanted):
            return  # another make was faster
        if not is_usable():
            create()
        install(wanted)


def is_installed(wanted):
    """Whether the stamp in .venv says that this lock file was installed for the Python that .venv runs now."""
    try:
        with open(STAMP, encoding="utf-8") as file:
            stamp = json.load(file)
    except (OSError, ValueError):
        return False
    return stamp.get(wanted) == digest(LOCKS[wanted]) and stamp.get("python") == venv_version()


def venv_version():
    """The version of the Python in .venv, as text; empty when it does not run (the Python it points to may be gone)."""
    try:
        command = [VENV_PYTHON, "-I", "-S", "-c", "import sys; print(sys.version_info[:2])"]
        return subprocess.check_output(command, stderr=subprocess.DEVNULL).decode().strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def is_usable():
    """Whether .venv was finished, and has a working Python that is new enough (it may be of a removed or older
    Python)."""
    if os.path.exists(UNFINISHED):
        return False
    try:
        check = "import pip, sys; sys.exit(sys.version_info[:2] < {!r})".format(OLDEST_PYTHON)
        return subprocess.call([VENV_PYTHON, "-c", check], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def create():
    """Make .venv from nothing; what lies there is broken."""
    print("Creating .venv …", flush=True)
    if os.path.lexists(VENV):
        if os.path.islink(VENV) or not os.path.isdir(VENV):
            raise CannotStart("{} is not a folder: remove it, then start again.".format(VENV))
        shutil.rmtree(VENV)
    if subprocess.call([sys.executable, "-m", "venv", VENV]) != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        raise CannotStart("{} could not be made; the reason stands above.".format(VENV))


def install(wanted):
    """Install the lock file. An interrupted pip leaves packages in halves, so until it is through .venv counts as
    broken."""
    print("Installing the locked dependencies (a minute or two) …", flush=True)
    with open(UNFINISHED, "w", encoding="utf-8") as file:
        file.write("pip has not finished here; make builds this folder anew\n")
    command = [VENV_PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    # A user-wide setting that sends packages elsewhere would leave .venv empty.
    environment = dict(os.environ, PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0")
    environment.pop("PIP_TARGET", None)
    command += ["--require-hashes", "--requirement", LOCKS[wanted]]
    if subprocess.call(command, cwd=ROOT, env=environment) != 0:
        raise CannotStart("The dependencies could not be installed; the reason stands above. Check network and disk.")
    stamp = {"python": venv_version(), wanted: digest(LOCKS[wanted])}
    if wanted == "dev":
        stamp["run"] = digest(LOCKS["run"])  # the second lock holds all of the first
    temporary = STAMP + ".new"
    with open(temporary, "w", encoding="utf-8") as file:
        json.dump(stamp, file)
    os.replace(temporary, STAMP)
    os.remove(UNFINISHED)


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


class EnvironmentLock:
    """One process at a time works on .venv; `make test` beside `make run` waits."""

    def __enter__(self):
        import fcntl

        folder = os.path.join(ROOT, ".data")
        try:
            if not os.path.isdir(folder):
                os.mkdir(folder, 0o700)
            self.file = open(os.path.join(folder, "venv.lock"), "w", encoding="utf-8")
        except OSError as problem:
            raise CannotStart("{} is not writable: {}.".format(folder, problem.strerror)) from None
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *details):
        self.file.close()


# The browser


def offer_chromium():
    """Set CHROMIUM for the browser tests; install the system's package where that is possible, else say what to
    install.

    In CI a missing browser is a failure; elsewhere its tests are skipped, with the reason.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        if not shutil.which(named):
            raise CannotStart("CHROMIUM names {}, which cannot be run: correct it or leave it out.".format(named))
        return
    found = find_chromium() or (find_chromium() if install_chromium() else None)
    if found:
        os.environ["CHROMIUM"] = found
        return
    advice = "The browser tests need Chromium: install it (Debian: apt install chromium) or set CHROMIUM to its path."
    if os.environ.get("CI"):
        raise CannotStart(advice)
    print(advice + " They are skipped now.", file=sys.stderr, flush=True)


def find_chromium():
    for name in CHROMIUM_NAMES:
        path = shutil.which(name)
        if path:
            return path
    return None


def install_chromium():
    """Through apt-get, as root or with a sudo that asks for no password. Returns whether it says it worked."""
    if not shutil.which("apt-get"):
        return False
    become_root = []
    if os.geteuid() != 0:
        become_root = ["sudo", "-n"]
        if not shutil.which("sudo") or subprocess.call([*become_root, "true"], stderr=subprocess.DEVNULL) != 0:
            return False
    print("Installing Chromium for the browser tests …", flush=True)
    quiet = [*become_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    package = [*quiet, "install", "-y", "--no-install-recommends", "chromium", "fonts-liberation"]
    return subprocess.call([*quiet, "update"]) == 0 and subprocess.call(package, stdout=subprocess.DEVNULL) == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
