#!/usr/bin/env python3
"""Start and stop a real Twinkle Server on this machine's loopback address.

    server.py start  [--config cpu|mock|FILE] [--port N] [--state DIR] [--venv DIR]
                     [--model DIR] [--model-name NAME] [--wait SECONDS]
    server.py status [--port N] [--state DIR]
    server.py stop   [--port N] [--state DIR]

`start` starts a private Ray cluster and `twinkle-server launch`, waits until
every application answers, and prints one JSON line with the base URL.  `stop`
ends only the processes that this start made: they carry a mark in their
environment.  Needs only the standard library; the server's own packages come
from the virtual environment that setup.mjs made.
"""
import argparse
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
MARK = "TWINKLE_STUDIO_RUN"


def base_dir():
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(cache, "twinkle-studio")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def port_taken(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


def get(url, timeout=5):
    """(status, text) of a GET; status 0 when nothing answered."""
    request = urllib.request.Request(url, headers={"Authorization": "Bearer EMPTY_TOKEN", "X-Request-Id": "server.py"})
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=timeout) as r:
            return r.status, r.read().decode()
    except urllib.error.HTTPError as e:
        return e.code, e.read().decode(errors="replace")
    except OSError as e:
        return 0, str(e)


def marked(info):
    """Pids of the processes that belong to the run INFO, other than this one.

    They carry its mark in their environment.  Some of Ray's daemons write their
    title over that, so a process of the same session that was started in the
    run's own directory counts as well.
    """
    want, found = f"{MARK}={info['run']}".encode(), []
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or int(entry) == os.getpid():
            continue
        try:
            with open(f"/proc/{entry}/environ", "rb") as f:
                environ = f.read()
            with open(f"/proc/{entry}/stat") as f:
                fields = f.read().rpartition(")")[2].split()  # state, ppid, pgrp, session, ...
            cwd = os.readlink(f"/proc/{entry}/cwd")
        except OSError:
            continue
        ours = int(fields[3]) in info["pids"].values() and cwd == info["state"]
        if fields[0] != "Z" and (ours or want in environ.split(b"\0")):
            found.append(int(entry))
    return found


def send(pids, sig):
    for pid in pids:
        try:
            os.kill(pid, sig)
        except OSError:
            pass


def wait_gone(probe, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not probe():
            return True
        time.sleep(0.2)
    return not probe()


def load(state):
    try:
        with open(os.path.join(state, "server.json")) as f:
            return json.load(f)
    except (OSError, ValueError):
        return None


def tail(path, lines=40):
    try:
        with open(path, errors="replace") as f:
            return "".join(f.readlines()[-lines:])
    except OSError:
        return ""


def stop(state, quiet=False):
    info = load(state)
    if info is None:
        if not quiet:
            print(json.dumps({"stopped": False, "reason": "nothing was started here"}))
        return
    began = time.monotonic()
    mine = set(marked(info))
    # SIGTERM lets the launcher shut Ray Serve down, model and all.  Nothing in the
    # private cluster is worth keeping after that, and Ray's own way out takes up
    # to 30 s to drain, so the rest is ended at once.
    pid = info["pids"].get("launcher")
    if pid in mine:
        send([pid], signal.SIGTERM)
        wait_gone(lambda: pid in marked(info), 15)
    for _ in range(5):  # until no process is left that could start another one
        send(marked(info), signal.SIGKILL)
        if wait_gone(lambda: marked(info), 2):
            break
    left = marked(info)
    shutil.rmtree(info["ray_tmp"], ignore_errors=True)
    if not left:
        os.unlink(os.path.join(state, "server.json"))
    if not quiet:
        print(json.dumps({"stopped": not left, "left": left, "seconds": round(time.monotonic() - began, 1)}))
    if left:
        sys.exit(1)


def start(args, state):
    began = time.monotonic()
    if load(state) is not None:
        if marked(load(state)):
            sys.exit(f"a server is already running from {state}; stop it first")
        os.unlink(os.path.join(state, "server.json"))
    if port_taken(args.port):
        sys.exit(f"port {args.port} is taken")
    binaries = os.path.join(args.venv, "bin")
    launcher = os.path.join(binaries, "twinkle-server")
    if not os.path.exists(launcher):
        sys.exit(f"no {launcher}; run setup.mjs first")
    named = os.path.join(HERE, args.config + ".yaml")
    config = named if os.path.exists(named) else os.path.abspath(args.config)
    if not os.path.exists(config):
        sys.exit(f"no configuration {config}")
    if args.config == "cpu" and not os.path.exists(os.path.join(args.model, "config.json")):
        subprocess.run([os.path.join(binaries, "python"), os.path.join(HERE, "make_tiny_model.py"), args.model],
                       check=True, stdout=sys.stderr)
    outputs = os.path.join(state, "outputs")
    os.makedirs(outputs, exist_ok=True)
    run, ray_port = secrets.token_hex(8), free_port()
    # Ray puts Unix sockets under its directory, and their path is limited to
    # about 100 characters, so the directory must be a short one.
    ray_tmp = tempfile.mkdtemp(prefix="tw-", dir="/tmp" if os.path.isdir("/tmp") else None)
    env = dict(os.environ)
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "VIRTUAL_ENV",
                 "RAY_ADDRESS", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE"):
        env.pop(name, None)
    env.update({
        MARK: run,
        "PATH": binaries + os.pathsep + env.get("PATH", ""),
        "PYTHONPATH": os.path.join(HERE, "shim"),
        "PYTHONUNBUFFERED": "1",
        "RAY_ADDRESS": f"127.0.0.1:{ray_port}",
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_enable_worker_prestart": "false",  # idle workers cost seconds of start-up on two cores
        "RAY_prestart_worker_first_driver": "false",
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "MODELSCOPE_CACHE": os.path.join(state, "modelscope"),
        "OMP_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "TWINKLE_DEFAULT_SAVE_DIR": outputs,
        "TW_PORT": str(args.port),
        "TW_MASTER_PORT": str(free_port()),
        "TW_MODEL_NAME": args.model_name,
        "TW_MODEL_DIR": os.path.abspath(args.model),
        "TW_POLL_INTERVAL": str(args.poll_interval),
        "TW_LONG_POLL_TIMEOUT": str(args.long_poll_timeout),
        "TW_ADAPTER_TIMEOUT": str(args.adapter_timeout),
    })
    info = {"run": run, "state": os.path.realpath(state), "base_url": f"http://127.0.0.1:{args.port}", "config": config, "model_name": args.model_name,
            "model_dir": env["TW_MODEL_DIR"], "outputs": outputs, "ray_tmp": ray_tmp, "pids": {},
            "logs": {n: os.path.join(state, n + ".log") for n in ("ray", "launcher")}}

    def save():
        with open(os.path.join(state, "server.json"), "w") as f:
            json.dump(info, f, indent=2)

    def spawn(name, argv):
        with open(info["logs"][name], "w") as log:
            process = subprocess.Popen(argv, cwd=state, env=env, stdin=subprocess.DEVNULL, stdout=log,
                                       stderr=subprocess.STDOUT, start_new_session=True)
        info["pids"][name] = process.pid
        save()
        return process

    def fail(message, name):
        print(tail(info["logs"][name]), file=sys.stderr)
        stop(state, quiet=True)
        sys.exit(f"{message}; see {info['logs'][name]}")

    deadline = began + args.wait
    # Twinkle asks for a quarter of the node's CPUs to be at least 8, so Ray is
    # told that it has 32; they are only numbers for its scheduler.
    ray = spawn("ray", [os.path.join(binaries, "ray"), "start", "--head", "--block", f"--port={ray_port}",
                        "--node-ip-address=127.0.0.1", f"--temp-dir={ray_tmp}", "--num-cpus=32", "--num-gpus=0",
                        "--object-store-memory=200000000", "--include-dashboard=false", "--disable-usage-stats",
                        # free ports throughout, so that two servers can run side by side
                        "--min-worker-port=0", "--max-worker-port=0", f"--ray-client-server-port={free_port()}",
                        f"--dashboard-agent-listen-port={free_port()}"])
    while not port_taken(ray_port):
        if ray.poll() is not None:
            fail("ray ended at once", "ray")
        if time.monotonic() > deadline:
            fail("ray did not start in time", "ray")
        time.sleep(0.2)
    server = spawn("launcher", [launcher, "launch", "--config", config])
    while True:
        if server.poll() is not None:
            fail("the launcher ended", "launcher")
        if time.monotonic() > deadline:
            fail(f"not ready after {args.wait} s", "launcher")
        if "All applications started" in tail(info["logs"]["launcher"], 400):
            status, _ = get(info["base_url"] + "/api/v1/healthz")
            deep, body = get(info["base_url"] + "/api/v1/twinkle/healthz/deep", timeout=30)
            if status == 200 and deep == 200:
                break
        time.sleep(0.3)
    info["seconds_to_ready"] = round(time.monotonic() - began, 1)
    save()
    print(json.dumps({k: info[k] for k in ("base_url", "model_name", "model_dir", "outputs", "seconds_to_ready")}))


def status(state):
    info = load(state)
    if info is None:
        print(json.dumps({"running": False}))
        sys.exit(1)
    code, _ = get(info["base_url"] + "/api/v1/healthz")
    running = marked(info)
    memory = 0
    for pid in running:
        try:
            with open(f"/proc/{pid}/smaps_rollup") as f:
                memory += sum(int(line.split()[1]) for line in f if line.startswith("Pss:"))
        except OSError:
            pass
    print(json.dumps({"running": bool(running), "healthy": code == 200, "base_url": info["base_url"],
                      "processes": len(running), "memory_mib": memory // 1024}))
    sys.exit(0 if code == 200 else 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["start", "stop", "status"])
    parser.add_argument("--config", default="cpu", help="cpu (real training), mock, or a path to a YAML file")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--state", help="where logs, checkpoints and server.json go (default: one per port)")
    parser.add_argument("--venv", default=os.path.join(base_dir(), "venvs", "twinkle-server"))
    parser.add_argument("--model", default=os.path.join(base_dir(), "twinkle", "tiny-model"))
    parser.add_argument("--model-name", default="Qwen/Qwen2-Tiny")
    parser.add_argument("--poll-interval", type=float, default=0.5, help="Twinkle's default is 0.5 s")
    parser.add_argument("--long-poll-timeout", type=float, default=30, help="Twinkle's default is 30 s")
    parser.add_argument("--adapter-timeout", type=int, default=120,
                        help="seconds that a model outlives its last heartbeat; Twinkle's default is 1800")
    parser.add_argument("--wait", type=float, default=240, help="seconds to wait until the server is ready")
    args = parser.parse_args()
    args.venv, args.model = os.path.abspath(args.venv), os.path.abspath(args.model)
    state = os.path.abspath(args.state or os.path.join(base_dir(), "twinkle", f"run-{args.port}"))
    if args.command == "start":
        os.makedirs(state, exist_ok=True)
        start(args, state)
    elif args.command == "stop":
        stop(state)
    else:
        status(state)


if __name__ == "__main__":
    main()
