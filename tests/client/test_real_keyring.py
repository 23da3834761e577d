"""Once with a real keyring service: what a desk keeps there is there for the next start, and nowhere else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from pathlib import Path
from dispatcher_app.client import credential
from tests.client.town import WANG

chain = credential.keychain()
assert type(chain.backend).__module__ == "keyring.backends.SecretService", chain.backend
folder = Path(sys.argv[2])
if sys.argv[1] == "write":
    key = credential.sealing_key(chain, "p", folder)
    assert credential.remember(chain, "p", credential.Credential(WANG, "a token", 7))
    (folder / "told").write_bytes(key)
else:
    kept = credential.remembered(chain, "p")
    assert kept is not None and kept.token == "a token" and kept.staff == WANG
    assert credential.sealing_key(chain, "p", folder) == (folder / "told").read_bytes()
    credential.forget(chain, "p")
    assert credential.remembered(chain, "p") is None
assert not (folder / "outbox.key").exists(), "the key must not lie beside the outbox"
"""


@pytest.mark.skipif(
    sys.platform != "linux"
    or not shutil.which("gnome-keyring-daemon")
    or not shutil.which("dbus-run-session"),
    reason="needs a Secret Service: gnome-keyring and dbus, which the set-up installs on Debian and Ubuntu",
)
def test_what_a_desk_keeps_in_the_systems_keyring_is_there_at_the_next_start(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    folder = tmp_path / "desk"
    folder.mkdir()
    begin = 'printf "a password" | gnome-keyring-daemon --unlock --components=secrets >/dev/null'
    steps = [f'"{sys.executable}" "{program}" {step} "{folder}"' for step in ("write", "read")]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON_KEYRING")},
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_RUNTIME_DIR": str(tmp_path),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", " && ".join([begin, *steps])],
        env=environment, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    kept = b"".join(file.read_bytes() for file in (tmp_path / "data").rglob("*") if file.is_file())
    assert kept
    assert b"a token" not in kept
