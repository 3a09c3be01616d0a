"""Set the project up: the missing system packages, then `.venv/` from the locked requirements.

Usage: python3 .ci/install.py runtime|dev|browser

Standard library only, and no syntax newer than Python 3.8: this runs before anything is installed.
"""

import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path


ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"

# A dev environment also serves as a runtime one: requirements-dev.txt holds all of requirements.txt.
REQUIREMENTS = {
    "runtime": ["requirements.txt"],
    "dev": ["requirements-dev.txt", "requirements.txt"],
    "browser": ["requirements-dev.txt", "requirements.txt"],
}


class SetupRefused(Exception):
    """What the person must do before the set-up can go on."""


def has_library(name):
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def has_environment():
    return PYTHON.exists() and (VENV / "bin" / "pip").exists()


def missing_packages(kind):
    """The Debian packages this machine lacks; each is looked for by what it provides."""
    present = {
        "python3-venv": has_environment() or importlib.util.find_spec("ensurepip"),
        "libpango-1.0-0": has_library("libpango-1.0.so.0"),
        "libpangoft2-1.0-0": has_library("libpangoft2-1.0.so.0"),
        "libharfbuzz-subset0": has_library("libharfbuzz-subset.so.0"),
    }
    if kind == "browser":
        present["chromium"] = shutil.which("chromium")
    return [package for package, found in present.items() if not found]


def install_packages(packages):
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if not shutil.which("apt-get"):
        raise SetupRefused(f"Il manque l’équivalent de ces paquets Debian : {' '.join(packages)}.")
    if os.geteuid() != 0:
        command = " ".join(install)
        raise SetupRefused(f"Il manque des paquets système. Lancez puis recommencez :\n    sudo {command}")
    print(f"Installation des paquets système : {', '.join(packages)}…", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-q"], install):
        run_quietly(command, env=environment)


def run_quietly(command, **options):
    """Run; print what the command said only if it failed."""
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if result.returncode:
        raise SetupRefused(f"{result.stdout}\nLa commande « {' '.join(command)} » a échoué.")


def digest(requirements):
    text = (ROOT / requirements).read_bytes()
    return hashlib.sha256(text).hexdigest()


def stamp(requirements):
    return VENV / f".installed-{requirements}"


def is_installed(requirements):
    return stamp(requirements).exists() and stamp(requirements).read_text() == digest(requirements)


def create_environment():
    if has_environment():
        return
    print("Création de l’environnement .venv…", flush=True)
    run_quietly([sys.executable, "-m", "venv", str(VENV)])


def install_requirements(names):
    print("Installation des bibliothèques Python (une minute environ la première fois)…", flush=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    run_quietly([*pip, "-r", str(ROOT / names[0])])
    for name in names:
        stamp(name).write_text(digest(name))


def install(kind):
    if sys.version_info < (3, 11):  # noqa: UP036 (only here do we meet an older interpreter)
        raise SetupRefused("Il faut Python 3.11 ou plus récent.")
    packages = missing_packages(kind)
    if packages:
        install_packages(packages)
    if not is_installed(REQUIREMENTS[kind][0]):
        create_environment()
        install_requirements(REQUIREMENTS[kind])


def main(arguments):
    if len(arguments) != 1 or arguments[0] not in REQUIREMENTS:
        print("Usage : python3 .ci/install.py runtime|dev|browser", file=sys.stderr)
        return 2
    try:
        install(arguments[0])
    except SetupRefused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
