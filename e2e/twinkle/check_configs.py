#!/usr/bin/env python3
"""Read every server_config.yaml below DIR as Twinkle Server would, without starting anything.

    check_configs.py DIR        (in the server's virtual environment)

Beyond the package's own parser: the device mesh has as many processes as the
group has ranks, training reaches as many samples at once as it says, and the
sampler takes a request for a single answer.  Prints one JSON object by file:
{"applications": [...], "smallest_batch": N}, or {"error": "..."}.
"""
import json
import pathlib
import sys

from twinkle import DeviceMesh
from twinkle.infra import _dispatch_args
from twinkle.server.config import ServerConfig


def dispatch(mesh, workers, count):
    return _dispatch_args(list(range(workers)), "slice_dp", "all", mesh, (), {"inputs": [0] * count})


def check(path):
    config = ServerConfig.from_yaml(path)
    found = {"applications": [app.import_path for app in config.applications], "smallest_batch": None}
    for app in config.applications:
        if app.import_path == "server":
            continue
        group, mesh = app.args.device_group, DeviceMesh.from_sizes(**app.args.device_mesh)
        assert mesh.world_size == group["ranks"], f"{app.name}: {mesh.world_size} processes on {group['ranks']} ranks"
        assert group["ranks"] % app.args.nproc_per_node == 0, f"{app.name}: its nodes are not alike"
        workers = group["ranks"] // group.get("gpus_per_worker", 1)
        if app.import_path == "model":
            found["smallest_batch"] = mesh.data_world_size
            dispatch(mesh, workers, mesh.data_world_size)
        else:
            dispatch(mesh, workers, 1)
    return found


def main(folder):
    results = {}
    for path in sorted(pathlib.Path(folder).glob("*.yaml")):
        try:
            results[path.stem] = check(path)
        except Exception as error:  # told by file
            results[path.stem] = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(results))


if __name__ == "__main__":
    main(sys.argv[1])
