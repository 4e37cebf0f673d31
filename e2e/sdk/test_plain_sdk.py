"""The Tinker SDK as it comes: nothing is patched, the address and the key come from the environment."""
from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

SCRIPT = Path(__file__).parent / "plain_tinker.py"


def test_tinker_code_runs_unchanged(base_url: str) -> None:
    def run(api_key: str) -> dict:
        env = {**os.environ, "TINKER_BASE_URL": base_url, "TINKER_API_KEY": api_key}
        done = subprocess.run([sys.executable, SCRIPT], env=env, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    for api_key in (f"tml-{uuid.uuid4().hex}", f"tml-{uuid.uuid4().hex}"):
        found = run(api_key)
        assert found["losses"] == sorted(found["losses"], reverse=True)
        checkpoints = ("weights/state", "sampler_weights/export")
        assert found["paths"] == [f"tinker://{found['run']}/{checkpoint}" for checkpoint in checkpoints]
        assert sorted(found["listed"]) == sorted(found["paths"])
        assert found["answers"][0] == found["answers"][1] != []
        assert found["resumed_rank"] == 8
        assert found["runs"] == 2, "another key's runs are not seen"
