"""A run of the studio's own loop, and the script that "Show as Python" makes of it: the same losses, step by step."""
from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import BASE_MODEL

ROOT = Path(__file__).resolve().parents[2]
WORDS = "apple banana cherry dog elephant fox grape house ink jar kite lemon moon nose".split()
FIELDS = "--epochs 2 --batch 4 --rank 4 --validation-percent 10 --schedule linear --warmup-steps 2 --max-length 48 --seed 7"


def test_the_script_repeats_the_run(base_url: str, tmp_path: Path) -> None:
    rows = [
        {"prompt": f"English: {word} {other}\nPig Latin:", "completion": f" {word[1:]}-{word[0]}ay\n\n"}
        for word, other in zip(WORDS, [*WORDS[3:], "a word that makes its row too long to train"])
    ]
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    env = {**os.environ, "TWINKLE_SERVER": base_url, "TWINKLE_TOKEN": "as-python", "INIT_CWD": str(tmp_path)}

    def node(*args: str) -> str:
        command = subprocess.run(["node", *args], cwd=ROOT, env=env, capture_output=True, text=True)
        assert command.returncode == 0, command.stderr
        return command.stdout

    studio = str(ROOT / "scripts" / "studio.mjs")
    out = tmp_path / "out"
    run = json.loads(
        node(studio, "train", str(file), "--base", BASE_MODEL, *FIELDS.split(), "--out", str(out), "--json")
    )
    [journal] = out.glob("*.jsonl")
    steps = [
        point["loss"]
        for line in journal.read_text().splitlines()
        for point in json.loads(line).get("steps", [])
    ]
    assert len(steps) == run["steps"] > 4

    tokens = str(tmp_path / "tokens.jsonl")
    node(studio, "data", str(file), "--tokenizer", BASE_MODEL, "--dump", tokens)
    script = tmp_path / "run.py"
    script.write_text(node("--import", "tsx", str(ROOT / "e2e" / "sdk" / "as-python.ts"), str(journal), base_url))
    assert "as-python" not in script.read_text()
    output = subprocess.run(
        [sys.executable, str(script), tokens], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    ).stdout
    losses = [float(loss) for loss in re.findall(r"^step \d+ of \d+, loss (\S+)$", output, re.M)]
    assert losses == pytest.approx(steps, abs=1e-3)
    assert len(re.findall(r"^\w+://\S+/weights/epoch-\d-step-\d{6}$", output, re.M)) == len(run["checkpoints"])
    validation = re.search(r"^validation loss (\S+)$", output, re.M)
    assert validation and float(validation[1]) == pytest.approx(run["valLoss"], abs=1e-3)
