"""The Tinker SDK as it comes: nothing is patched, the address and the key come from the environment."""
from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from conftest import BASE_MODEL, Connect

SCRIPT = Path(__file__).parent / "plain_tinker.py"
COMMAND_LINE = Path(sys.executable).parent / "tinker"


@pytest.fixture
def environment(base_url: str) -> dict[str, str]:
    """Of a user with a key that nobody else has."""
    return {**os.environ, "TINKER_BASE_URL": base_url, "TINKER_API_KEY": f"tml-{uuid.uuid4().hex}"}


def run(*command: object, env: dict[str, str]) -> str:
    done = subprocess.run([str(part) for part in command], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("samples_in", ["this process", "a process of its own"])
def test_tinker_code_runs_unchanged(environment: dict[str, str], samples_in: str) -> None:
    environment["TINKER_SUBPROCESS_SAMPLING"] = "1" if samples_in == "a process of its own" else "0"
    found = json.loads(run(sys.executable, SCRIPT, env=environment))
    assert found["losses"] == sorted(found["losses"], reverse=True)
    checkpoints = ("weights/state", "sampler_weights/export")
    assert found["paths"] == [f"tinker://{found['run']}/{checkpoint}" for checkpoint in checkpoints]
    assert sorted(found["listed"]) == sorted(found["paths"])
    assert found["answers"][0] == found["answers"][1] != []
    assert found["resumed_rank"] == 8
    assert found["runs"] == 2, "another key's runs are not seen"


def test_the_command_line_manages_runs_and_checkpoints(
    environment: dict[str, str], connect: Connect, tmp_path: Path
) -> None:
    training_client = connect(environment["TINKER_API_KEY"]).create_lora_training_client(BASE_MODEL, rank=8)
    run_id = training_client.model_id
    training_client.save_state("state").result()
    training_client.save_weights_for_sampler("export").result()
    exported = f"tinker://{run_id}/sampler_weights/export"

    def tinker(*arguments: object) -> dict:
        return json.loads(run(COMMAND_LINE, "--format", "json", *arguments, env=environment))

    assert [listed["training_run_id"] for listed in tinker("run", "list")["runs"]] == [run_id]
    downloaded = tinker("checkpoint", "download", exported, "--output", tmp_path)
    config = Path(downloaded["destination"]) / "adapter_config.json"
    assert json.loads(config.read_text())["r"] == 8
    # By path it fails before it calls the server: 0.16.1 names a command `list` and then means Python's.
    tinker("checkpoint", "delete", "--yes", "--run-id", run_id, "--type", "weights")
    listed = tinker("checkpoint", "list", "--run-id", run_id)["checkpoints"]
    assert [item["tinker_path"] for item in listed] == [exported]
