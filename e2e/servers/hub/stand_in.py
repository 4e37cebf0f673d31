#!/usr/bin/env python3
"""A small stand-in for the ModelScope hub, and for what Hugging Face's hub answers to downloads of models: the wire
format as a running reference. Standard library only.

    python3 stand_in.py --port 8099 --root DIR --user alice --token ms-good [--read-token ms-read] [--log FILE]

Large files live on a second origin (port + 1, or any free port with --port 0), as on the real hub: downloads answer
302 to it, uploads PUT to it.

    --seed DIR       public repositories to start with: DIR/models/OWNER/NAME/... and DIR/datasets/OWNER/NAME/...
    --direct-ranges  serve large files without a redirect, ranges as 200 + Content-Range (seen on the real hub, 2026-09)
    --rate N         bytes per second of large files, so that a download can be watched

Only routes that an official client really called are here (see README.md). Everything else answers 404 and is
logged as UNKNOWN. Shapes come from the clients' source and tests; server behaviour nobody can read there (exact
texts, extra fields) is marked GUESS.
"""
from __future__ import annotations

import argparse
import base64
import email.parser
import email.policy
import hashlib
import json
import os
import re
import secrets
import signal
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

BAD_TOKEN = 10010103009      # served with HTTP 400 by /api/v1/login
MODEL_EXISTS = 10010101001
DATASET_EXISTS = 10020101001
NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$")  # GUESS: the server's own rule is not published
LFS_SUFFIX = {".safetensors", ".bin", ".pt", ".pth", ".zip", ".gz", ".parquet", ".arrow", ".jsonl", ".model"}  # a part of the client's lists


class Fail(Exception):
    def __init__(self, status: int, code: int | str, message: str):
        self.status, self.code, self.message = status, code, message


class Hub:
    """Repositories, files and blobs in one directory; one lock, because this is a reference and not a server."""

    def __init__(self, root: Path, users: dict[str, dict]):
        self.root, self.users, self.lock = root, users, threading.RLock()
        for kind in ("lfs", "inline"):
            (root / kind).mkdir(parents=True, exist_ok=True)
        self.index = root / "repos.json"
        self.repos: dict[str, dict] = json.loads(self.index.read_text()) if self.index.exists() else {}
        self.uploads: dict[str, dict] = {}
        self.links: dict[str, dict] = {}

    def seed(self, folder: Path) -> None:
        for path in sorted(p for p in folder.glob("*/*/*/**/*") if p.is_file()):
            kind, owner, name, *rest = path.relative_to(folder).parts
            if f"{kind}/{owner}/{name}" not in self.repos:
                self.create(kind, owner, name, {}, {"name": owner})
            size = path.stat().st_size
            lfs = size > 65536 or path.suffix in LFS_SUFFIX
            meta = {"sha256": self.keep_file(path) if lfs else self.keep("inline", path.read_bytes()), "size": size, "lfs": lfs}
            self.repos[f"{kind}/{owner}/{name}"]["files"]["/".join(rest)] = meta
        self.save()

    def save(self) -> None:
        self.index.write_text(json.dumps(self.repos, indent=1))

    def keep(self, kind: str, data: bytes) -> str:
        digest = hashlib.sha256(data).hexdigest()
        (self.root / kind / digest).write_bytes(data)
        return digest

    def keep_file(self, path: Path) -> str:
        """A large file by a link to it, because models are hundreds of megabytes."""
        hasher = hashlib.sha256()
        with path.open("rb") as file:
            while part := file.read(1 << 20):
                hasher.update(part)
        place = self.root / "lfs" / hasher.hexdigest()
        if not place.exists():
            place.symlink_to(path.resolve())
        return place.name

    def read(self, kind: str, digest: str) -> bytes:
        return (self.root / kind / digest).read_bytes()

    def size(self, digest: str) -> int:
        return (self.root / "lfs" / digest).stat().st_size

    def has_lfs(self, digest: str) -> bool:
        return bool(re.fullmatch(r"[0-9a-f]{64}", digest)) and (self.root / "lfs" / digest).exists()

    def create(self, kind: str, owner: str, name: str, body: dict, user: dict) -> dict:
        if owner != user["name"]:
            raise Fail(403, 403, "no permission to create under this namespace")
        if not NAME.match(name):
            raise Fail(400, 400, "invalid name")
        key = f"{kind}/{owner}/{name}"
        if key in self.repos:
            raise Fail(400, MODEL_EXISTS if kind == "models" else DATASET_EXISTS, "该名称已被注册使用，请重新命名")
        self.repos[key] = {
            "Id": len(self.repos) + 1, "Path": owner, "Name": name, "Type": 4,
            "Visibility": int(body.get("Visibility") or 5), "License": body.get("License") or "",
            "ChineseName": body.get("ChineseName") or "", "Description": body.get("Description") or "",
            "files": {}, "commits": 0, "created": int(time.time()),
        }
        self.save()
        return self.repos[key]

    def find(self, kind: str, ident: str, user: dict | None) -> dict:
        """`owner/name`, or for datasets the numeric id. A private repository is a 404 to anyone else (GUESS)."""
        for key, repo in self.repos.items():
            if key == f"{kind}/{ident}" or (kind == "datasets" and key.startswith("datasets/") and str(repo["Id"]) == ident):
                if repo["Visibility"] == 5 or (user and user["name"] == repo["Path"]):
                    return repo
        raise Fail(404, 10010205001 if kind == "models" else 10010205002, "模型不存在" if kind == "models" else "数据集不存在")  # GUESS: codes

    def commit(self, repo: dict, actions: list[dict]) -> str:
        staged = dict(repo["files"])
        for action in actions:
            path = action["path"]
            if action["action"] == "delete":
                staged.pop(path, None)
                continue
            if action["type"] == "lfs":
                if not self.has_lfs(action["sha256"]):
                    raise Fail(400, 400, f"lfs object {action['sha256']} was never uploaded")
                staged[path] = {"sha256": action["sha256"], "size": action["size"], "lfs": True}
            else:
                data = base64.b64decode(action["content"], validate=True)
                if len(data) != action["size"]:
                    raise Fail(400, 400, f"{path}: size {action['size']} but {len(data)} bytes")
                staged[path] = {"sha256": self.keep("inline", data), "size": len(data), "lfs": False}
        repo["files"], repo["commits"] = staged, repo["commits"] + 1
        self.save()
        return hashlib.sha1(json.dumps(staged, sort_keys=True).encode()).hexdigest()


def entries(repo: dict, root: str, recursive: bool) -> list[dict]:
    prefix = root.strip("/") + "/" if root.strip("/") else ""
    found: dict[str, dict] = {}
    for path, meta in sorted(repo["files"].items()):
        if not path.startswith(prefix):
            continue
        parts = path[len(prefix):].split("/")
        for depth in range(1, len(parts)):
            folder = prefix + "/".join(parts[:depth])
            if recursive or depth == 1:
                found.setdefault(folder, {"Name": parts[depth - 1], "Path": folder, "Type": "tree", "Size": 0, "Sha256": "", "Mode": "40000"})
        if recursive or len(parts) == 1:
            found[path] = {
                "Name": parts[-1], "Path": path, "Type": "blob", "Size": meta["size"], "Sha256": meta["sha256"],
                "IsLFS": meta["lfs"], "Mode": "100644", "Revision": hashlib.sha1(path.encode()).hexdigest(),
                "CommittedDate": repo["created"], "CommitMessage": "", "CommitterName": repo["Path"], "InCheck": False,
            }
    return list(found.values())


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub
    log_path: Path | None = None
    storage = ""  # origin of the second port
    direct_ranges = False
    rate: int | None = None
    large: tuple[str, int, int] | None = None  # what follows the head of the answer: digest, first byte, length
    routes: dict[str, int] = {}

    # --- plumbing -------------------------------------------------------------------------------------------------
    def log_message(self, *_args) -> None:
        pass

    def note(self, label: str, status: int) -> None:
        line = f"{self.command:6} {label}"
        Handler.routes[line] = Handler.routes.get(line, 0) + 1
        auth = "bearer" if self.headers.get("Authorization") else "-"
        cookie = "cookie" if "m_session_id=" in (self.headers.get("Cookie") or "") else "-"
        if self.log_path:
            with self.log_path.open("a") as log:
                log.write(f"{status} {line} auth={auth},{cookie} ua={(self.headers.get('User-Agent') or '')[:24]} {self.path}\n")

    def user(self, required: bool = False) -> dict | None:
        """The token arrives as a bearer header, as the cookie m_session_id, or both. An unknown one is an error."""
        bearer = (self.headers.get("Authorization") or "").removeprefix("Bearer ").strip()
        cookie = re.search(r"(?:^|;\s*)m_session_id=([^;]+)", self.headers.get("Cookie") or "")
        token = bearer or (cookie.group(1) if cookie else "")
        user = self.hub.users.get(token)
        if (token or required) and not user:
            raise Fail(401, 401, "user not logged in")
        return user

    def writer(self) -> dict:
        user = self.user(required=True)
        assert user
        if user["scope"] != "write":
            raise Fail(403, 403, "token has no write permission")
        return user

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def json(self) -> dict:
        try:
            return json.loads(self.raw or b"{}")
        except ValueError:
            raise Fail(400, 400, "body is not JSON") from None

    def form(self) -> dict:
        head = f"Content-Type: {self.headers.get('Content-Type')}\r\n\r\n".encode()
        message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + self.raw)
        return {p.get_param("name", header="content-disposition"): p.get_payload(decode=True).decode() for p in message.iter_parts()}

    def send(self, status: int, payload: bytes, headers: dict | None = None, kind: str = "application/json") -> None:
        self.send_response(status)
        for key, value in {"Content-Type": kind, "Content-Length": str(len(payload)), "X-Request-Id": str(uuid.uuid4()), **(headers or {})}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(payload)

    def ok(self, data, **extra) -> int:
        """The /api/v1 envelope."""
        body = {"Code": 200, "Data": data, "Message": "success", "RequestId": str(uuid.uuid4()), "Success": True, **extra}
        self.send(200, json.dumps(body, ensure_ascii=False).encode(), extra.pop("_headers", None))
        return 200

    def open_ok(self, data) -> int:
        """The /openapi/v1 envelope."""
        self.send(200, json.dumps({"success": True, "data": data, "request_id": str(uuid.uuid4())}).encode())
        return 200

    def handle_any(self) -> None:
        url = urlsplit(self.path)
        self.query = {k: v[0] for k, v in parse_qs(url.query, keep_blank_values=True).items()}
        self.raw = self.body()
        path = unquote(url.path)
        for method, pattern, label, action in ROUTES:
            match = re.fullmatch(pattern, path)
            if match and self.command == method:
                self.large = None
                try:
                    with self.hub.lock:
                        status = action(self, *match.groups())
                    self.send_large()
                except Fail as fail:
                    status = self.refuse(path, fail)
                self.note(label, status)
                return
        self.refuse(path, Fail(404, 404, f"no route {self.command} {path}"))
        self.note("UNKNOWN", 404)

    def refuse(self, path: str, fail: Fail) -> int:
        request_id = str(uuid.uuid4())
        if path.startswith("/openapi/"):
            code = {401: "InvalidAuthentication", 403: "OperationNotAllowed", 404: "ResourceNotFound"}.get(fail.status, "InputParameterError")
            body = {"success": False, "code": code, "message": fail.message, "request_id": request_id}
        else:
            body = {"Code": fail.code, "Message": fail.message, "RequestId": request_id, "Success": False}
        self.send(fail.status, json.dumps(body, ensure_ascii=False).encode())
        return fail.status

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

    # --- account --------------------------------------------------------------------------------------------------
    def login(self) -> int:
        user = self.hub.users.get(self.json().get("AccessToken") or "")
        if not user or user["scope"] != "write":  # a read-only token is refused here with the same code
            raise Fail(400, BAD_TOKEN, "登录失败，AccessToken错误，请从用户中心获取AccessToken或刷新")
        data = {"AccessToken": f"git-{user['name']}", "Email": user["email"], "Username": user["name"]}
        body = {"Code": 200, "Data": data, "Message": "success", "RequestId": str(uuid.uuid4()), "Success": True}
        cookie = f"m_session_id={self.json()['AccessToken']}; Path=/; Max-Age=2592000; HttpOnly"  # GUESS: the real value is a session id
        self.send(200, json.dumps(body).encode(), {"Set-Cookie": cookie})
        return 200

    def me(self) -> int:
        user = self.user(required=True)
        assert user
        return self.open_ok({"username": user["name"], "nickname": user["name"].title(), "email": user["email"], "description": "", "avatar_url": ""})

    # --- repositories ---------------------------------------------------------------------------------------------
    def create_model(self) -> int:
        user, body = self.writer(), self.json()
        repo = self.hub.create("models", body.get("Path") or "", body.get("Name") or "", body, user)
        return self.ok({k: repo[k] for k in ("Id", "Path", "Name", "Visibility")})  # GUESS: fields of Data

    def create_dataset(self) -> int:
        user, body = self.writer(), self.form()
        repo = self.hub.create("datasets", body.get("Owner") or "", body.get("Name") or "", body, user)
        return self.ok({k: repo[k] for k in ("Id", "Path", "Name", "Visibility")})  # GUESS: fields of Data

    def open_info(self, kind: str, ident: str) -> int:
        repo = self.hub.find(kind, ident, self.user())
        size = sum(f["size"] for f in repo["files"].values())
        return self.open_ok({
            "id": f"{repo['Path']}/{repo['Name']}", "display_name": repo["ChineseName"], "description": repo["Description"],
            "license": repo["License"], "private": repo["Visibility"] == 1, "gated": False, "downloads": 0, "likes": 0,
            "tags": [], "tasks": [], "file_size": size, "created_at": repo["created"], "last_modified": repo["created"],
        })

    def info(self, kind: str, ident: str) -> int:
        repo = self.hub.find(kind, ident, self.user())
        return self.ok({k: v for k, v in repo.items() if k not in ("files", "commits", "created")} | {"CreatedTime": repo["created"], "Tasks": []})

    def set_model(self, ident: str) -> int:
        user = self.writer()
        repo = self.hub.find("models", ident, user)
        if repo["Path"] != user["name"]:
            raise Fail(403, 403, "not the owner")
        repo["Visibility"] = int(self.json()["Visibility"])
        self.hub.save()
        return self.ok({})

    def open_list(self, kind: str) -> int:
        user = self.user()
        rows = [r for k, r in self.hub.repos.items() if k.startswith(f"{kind}/") and (r["Visibility"] == 5 or (user and user["name"] == r["Path"]))]
        if self.query.get("owner"):
            rows = [r for r in rows if r["Path"] == self.query["owner"]]
        if self.query.get("search"):
            rows = [r for r in rows if self.query["search"].lower() in f"{r['Path']}/{r['Name']}".lower()]
        page, size = int(self.query.get("page_number") or 1), int(self.query.get("page_size") or 10)
        items = [{"id": f"{r['Path']}/{r['Name']}", "private": r["Visibility"] == 1, "license": r["License"], "downloads": 0} for r in rows]
        return self.open_ok({kind: items[(page - 1) * size: page * size], "total_count": len(items), "page_number": page, "page_size": size})

    def old_list(self) -> int:
        """The list of 1.36/1.37: a PUT whose body names the owner. It shows the caller's private models."""
        user, body = self.user(), self.json()
        rows = [r for k, r in self.hub.repos.items() if k.startswith("models/") and r["Path"] == body.get("Path")]
        rows = [r for r in rows if r["Visibility"] == 5 or (user and user["name"] == r["Path"])]
        page, size = int(body.get("PageNumber") or 1), int(body.get("PageSize") or 10)
        models = [{k: r[k] for k in ("Id", "Path", "Name", "Visibility", "License", "ChineseName")} for r in rows]
        return self.ok({"Models": models[(page - 1) * size: page * size], "TotalCount": len(models)})

    def revisions(self, ident: str) -> int:
        repo = self.hub.find("models", ident, self.user())
        return self.ok({"RevisionMap": {"Branches": [{"Revision": "master", "CreatedAt": repo["created"]}], "Tags": []}})

    # --- files ----------------------------------------------------------------------------------------------------
    def files(self, ident: str) -> int:
        repo = self.hub.find("models", ident, self.user())
        rows = entries(repo, self.query.get("Root") or "", self.query.get("Recursive", "").lower() == "true")
        return self.ok({"Files": rows[:3000], "IsVisual": 0, "LatestCommitter": None})

    def tree(self, ident: str) -> int:
        repo = self.hub.find("datasets", ident, self.user())
        rows = entries(repo, self.query.get("Root") or "", self.query.get("Recursive", "").lower() == "true")
        page, size = int(self.query.get("PageNumber") or 1), int(self.query.get("PageSize") or 100)
        return self.ok({"Files": rows[(page - 1) * size: page * size]}, TotalCount=len(rows), PageNumber=page, PageSize=size)

    def file(self, kind: str, ident: str) -> int:
        """Inline files: 200 here and Range is ignored. LFS files: 302 to a signed link on the CDN, which serves ranges."""
        repo = self.hub.find(kind, ident, self.user())
        if self.query.get("Revision", "master") != "master":
            raise Fail(404, 404, "revision does not exist")
        meta = repo["files"].get(self.query.get("FilePath") or "")
        if not meta:
            raise Fail(404, 404, "file does not exist")
        if not meta["lfs"]:
            self.send(200, self.hub.read("inline", meta["sha256"]), kind="application/octet-stream")
            return 200
        if self.direct_ranges:
            return self.serve(meta["sha256"], {}, partial=200)
        return self.redirect(meta["sha256"], {})

    def redirect(self, digest: str, headers: dict) -> int:
        key = secrets.token_urlsafe(16)
        self.hub.links[key] = {"sha256": digest, "until": time.time() + 600}
        self.send(302, b"", {"Location": f"{self.storage}/cdn-lfs/{digest}?auth_key={key}", **headers})
        return 302

    # --- Hugging Face ---------------------------------------------------------------------------------------------
    def hf_repo(self, ident: str, revision: str, kind: str = "models") -> dict:
        if revision != "main":
            raise Fail(404, "RevisionNotFound", "Invalid rev id")
        return self.hub.find(kind, ident, self.user())

    def hf_tree(self, ident: str, revision: str) -> int:
        """The files at the top. A large file's own `oid` names the pointer in git, which nobody reads."""
        rows = []
        for path, meta in sorted(self.hf_repo(ident, revision)["files"].items()):
            if "/" in path:
                continue
            row = {"type": "file", "path": path, "size": meta["size"], "oid": hashlib.sha1(path.encode()).hexdigest()}
            if meta["lfs"]:
                rows.append({**row, "lfs": {"oid": meta["sha256"], "size": meta["size"], "pointerSize": 134}})
            else:
                data = self.hub.read("inline", meta["sha256"])
                rows.append({**row, "oid": hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()})
        self.send(200, json.dumps(rows).encode())
        return 200

    def hf_dataset_tree(self, ident: str, revision: str) -> int:
        files = self.hf_repo(ident, revision, "datasets")["files"]
        rows = [{"type": "file", "path": path, "size": meta["size"]} for path, meta in sorted(files.items())]
        self.send(200, json.dumps(rows).encode())
        return 200

    def hf_dataset_file(self, ident: str, revision: str, path: str) -> int:
        return self.hf_file(ident, revision, path, "datasets")

    def hf_file(self, ident: str, revision: str, path: str, kind: str = "models") -> int:
        meta = self.hf_repo(ident, revision, kind)["files"].get(path)
        if not meta:
            raise Fail(404, "EntryNotFound", "Entry not found")
        if meta["lfs"]:
            return self.redirect(meta["sha256"], {"X-Linked-Size": str(meta["size"]), "X-Linked-Etag": f'"{meta["sha256"]}"'})
        self.send(200, self.hub.read("inline", meta["sha256"]), kind="text/plain")
        return 200

    def cdn(self, digest: str) -> int:
        link = self.hub.links.get(self.query.get("auth_key") or "")
        if not link or link["sha256"] != digest or link["until"] < time.time():
            raise Fail(403, 403, "link expired")
        if not self.headers.get("User-Agent"):
            raise Fail(403, 403, "the CDN refuses requests without a User-Agent")  # observed by third parties
        return self.serve(digest, {"Accept-Ranges": "bytes", "X-Linked-ETag": f'"{digest}"', "Access-Control-Allow-Origin": "*"})

    def serve(self, digest: str, headers: dict, partial: int = 206) -> int:
        size = self.hub.size(digest)
        first, last = 0, size - 1
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
        status = partial if wanted else 200
        if wanted:
            first, last = int(wanted[1]), min(int(wanted[2] or size), size - 1)
            if first >= size:
                self.send(416, b"", {**headers, "Content-Range": f"bytes */{size}"})
                return 416
            headers = {**headers, "Content-Range": f"bytes {first}-{last}/{size}"}
        self.large = (digest, first, last + 1 - first)
        self.send(status, b"", {**headers, "Content-Length": str(last + 1 - first)}, "application/octet-stream")
        return status

    def send_large(self) -> None:
        """Outside the lock: others are answered meanwhile."""
        if not self.large:
            return
        digest, first, left = self.large
        step = self.rate // 20 if self.rate else 1 << 20
        with (self.hub.root / "lfs" / digest).open("rb") as file:
            file.seek(first)
            try:
                while left > 0:
                    part = file.read(min(step, left))
                    self.wfile.write(part)
                    left -= len(part)
                    if self.rate:
                        time.sleep(0.05)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

    def batch(self, kind: str, ident: str) -> int:
        user = self.writer()
        self.owned(kind, ident, user)
        objects = []
        for wanted in self.json()["objects"]:
            if self.hub.has_lfs(wanted["oid"]):
                continue  # the batch names only what still has to be uploaded
            key = secrets.token_urlsafe(16)
            self.hub.uploads[key] = wanted
            href = f"{self.storage}/lfs-upload/{wanted['oid']}?sign={key}"
            objects.append({**wanted, "actions": {"upload": {"href": href}}})
        return self.ok({"objects": objects})

    def put_blob(self, oid: str) -> int:
        self.writer()  # the client sends both the bearer header and the cookie here
        wanted = self.hub.uploads.pop(self.query.get("sign") or "", None)
        if not wanted or wanted["oid"] != oid:
            raise Fail(403, 403, "upload link is not valid")
        if len(self.raw) != wanted["size"] or hashlib.sha256(self.raw).hexdigest() != oid:
            raise Fail(400, 400, "size or sha256 does not match")
        self.hub.keep("lfs", self.raw)
        return self.ok({})

    def commit(self, kind: str, ident: str, revision: str) -> int:
        user = self.writer()
        repo = self.owned(kind, ident, user)
        if revision != "master":
            raise Fail(404, 404, "revision does not exist")
        body = self.json()
        if not body.get("actions") or len(body["actions"]) > 2000:
            raise Fail(400, 400, "1 to 2000 actions")
        return self.ok({"oid": self.hub.commit(repo, body["actions"])})

    def owned(self, kind: str, ident: str, user: dict) -> dict:
        repo = self.hub.find(kind, ident, user)
        if repo["Path"] != user["name"]:
            raise Fail(403, 403, "no permission")
        return repo

    def acceleration(self) -> int:
        return self.ok({"InternalRegionQueryAddress": ""})


class Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address) -> None:
        """A client that goes away in mid-answer is an everyday thing."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


ID = r"([^/]+/[^/]+)"
H = Handler
ROUTES = [
    ("POST", r"/api/v1/login", "/api/v1/login", H.login),
    ("GET", r"/openapi/v1/users/me", "/openapi/v1/users/me", H.me),
    ("POST", r"/api/v1/models", "/api/v1/models", H.create_model),
    ("PUT", r"/api/v1/models/", "/api/v1/models/", H.old_list),
    ("POST", r"/api/v1/datasets", "/api/v1/datasets", H.create_dataset),
    ("GET", r"/openapi/v1/(models|datasets)", "/openapi/v1/{kind}", H.open_list),
    ("GET", rf"/openapi/v1/(models|datasets)/{ID}", "/openapi/v1/{kind}/{id}", H.open_info),
    ("GET", r"/api/v1/repos/internalAccelerationInfo", "/api/v1/repos/internalAccelerationInfo", H.acceleration),
    ("GET", rf"/api/v1/models/{ID}/revisions", "/api/v1/models/{id}/revisions", H.revisions),
    ("GET", rf"/api/v1/models/{ID}/repo/files", "/api/v1/models/{id}/repo/files", H.files),
    ("GET", rf"/api/v1/datasets/({ID[1:-1]}|\d+)/repo/tree", "/api/v1/datasets/{id}/repo/tree", H.tree),
    ("GET", rf"/api/v1/(models|datasets)/{ID}/repo", "/api/v1/{kind}/{id}/repo", H.file),
    ("GET", rf"/api/v1/(models|datasets)/{ID}", "/api/v1/{kind}/{id}", H.info),
    ("PUT", rf"/api/v1/models/{ID}", "/api/v1/models/{id}", H.set_model),
    ("POST", rf"/api/v1/repos/(models|datasets)/{ID}/info/lfs/objects/batch", "/api/v1/repos/{kind}/{id}/info/lfs/objects/batch", H.batch),
    ("POST", rf"/api/v1/repos/(models|datasets)/{ID}/commit/([^/]+)", "/api/v1/repos/{kind}/{id}/commit/{rev}", H.commit),
    ("GET", rf"/api/models/{ID}/tree/([^/]+)", "hf /api/models/{id}/tree/{rev}", H.hf_tree),
    ("GET", rf"/api/datasets/{ID}/tree/([^/]+)", "hf /api/datasets/{id}/tree/{rev}", H.hf_dataset_tree),
    ("GET", rf"/datasets/{ID}/resolve/([^/]+)/(.+)", "hf /datasets/{id}/resolve/{rev}/{path}", H.hf_dataset_file),
    ("GET", rf"/{ID}/resolve/([^/]+)/(.+)", "hf /{id}/resolve/{rev}/{path}", H.hf_file),
    ("PUT", r"/lfs-upload/([0-9a-f]{64})", "{upload href}", H.put_blob),
    ("GET", r"/cdn-lfs/([0-9a-f]{64})", "{CDN link}", H.cdn),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--root", default="hub-data")
    parser.add_argument("--user", default="alice")
    parser.add_argument("--token", default="ms-good", help="may read and write")
    parser.add_argument("--read-token", default="ms-read", help="may only read; /login refuses it")
    parser.add_argument("--log")
    parser.add_argument("--seed")
    parser.add_argument("--direct-ranges", action="store_true")
    parser.add_argument("--rate", type=int)
    args = parser.parse_args()
    person = {"name": args.user, "email": f"{args.user}@example.com"}
    users = {args.token: {**person, "scope": "write"}, args.read_token: {**person, "scope": "read"}}
    Handler.hub = Hub(Path(args.root), users)
    if args.seed:
        Handler.hub.seed(Path(args.seed))
    Handler.log_path = Path(args.log) if args.log else None
    Handler.direct_ranges, Handler.rate = args.direct_ranges, args.rate
    server = Server(("127.0.0.1", args.port), Handler)
    port = server.server_address[1]
    storage = Server(("127.0.0.1", port + 1 if args.port else 0), Handler)
    Handler.storage = f"http://127.0.0.1:{storage.server_address[1]}"
    threading.Thread(target=storage.serve_forever, daemon=True).start()
    print(f"stand-in hub on http://127.0.0.1:{port}, storage on {Handler.storage} (pid {os.getpid()})", flush=True)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever()
    for line, count in sorted(Handler.routes.items()):
        print(f"{count:4} {line}")


if __name__ == "__main__":
    main()
