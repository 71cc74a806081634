"""A Hugging Face Hub on the loopback interface: the routes that its Python clients use. Standard library only.

Run with ``python server.py TOKEN STORAGE`` (a folder for Xet): prints its address, ends when its standard input closes.
``POST /_fault`` makes the next matching request fail; ``GET /_log`` lists what was asked. Written from the client's
source: it knows no scopes, rate limits, pull requests, multipart uploads, downloads by Xet or viewer.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import sys
import threading
from fnmatch import fnmatch
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from repos import Entry, Repo, is_large, new_repo

ID = r"(?P<repo>[^/]+/[^/]+)"
REV = r"(?P<rev>[^/]+)"
LOCK = threading.Lock()


class Refusal(Exception):
    """An HTTP error as the Hub words it."""

    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code


class Hub(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: Server

    # what the client asks for -----------------------------------------------------------------------------------

    def whoami(self) -> dict:
        self.must_write()
        return {"type": "user", "name": "somchai", "fullname": "Somchai", "orgs": [], "auth": {}}

    def validate_yaml(self) -> dict:
        content = json.loads(self.body)["content"]
        if not content.startswith("---\n"):
            raise Refusal(400, "empty metadata")
        return {"errors": [], "warnings": []}

    def create(self) -> dict:
        self.must_write()
        asked = json.loads(self.body)
        name = f"{asked.get('organization') or 'somchai'}/{asked['name']}"
        if name in self.server.repos:
            raise Refusal(409, "You already created this dataset repo")
        private = asked.get("visibility") == "private" or bool(asked.get("private"))
        self.server.repos[name] = new_repo(name, private)
        return {"url": f"{self.server.url}/datasets/{name}", "name": name}

    def info(self, repo: str, rev: str = "main") -> dict:
        found, commit = self.at(repo, rev)
        siblings = [{"rfilename": path} for path in sorted(found.trees[commit])]
        usual = {"disabled": False, "gated": False, "downloads": 0, "likes": 0, "tags": []}
        return {"_id": "0", "id": repo, "sha": commit, "private": found.private, "siblings": siblings, **usual}

    def refs(self, repo: str) -> dict:
        found = self.repo(repo)
        branches = [{"name": n, "ref": f"refs/heads/{n}", "targetCommit": c} for n, c in found.branches.items()]
        tags = [{"name": n, "ref": f"refs/tags/{n}", "targetCommit": c} for n, c in found.tags.items()]
        return {"branches": branches, "tags": tags, "converts": []}

    def commits(self, repo: str, rev: str) -> list:
        found, _ = self.at(repo, rev)
        day = "2026-01-01T00:00:00.000Z"
        return [{"id": c, "title": t, "message": "", "authors": [], "date": day} for c, t in reversed(found.titles)]

    def tree(self, repo: str, rev: str, path: str = "") -> list:
        found, commit = self.at(repo, rev)
        inside = [p for p in sorted(found.trees[commit]) if not path or p.startswith(path + "/")]
        if path and not inside:
            raise Refusal(404, f"{path} does not exist on {rev}", "EntryNotFound")
        start = len(path) + 1 if path else 0
        folders = sorted({p[: p.index("/", start)] for p in inside if "/" in p[start:]})
        told = [{"type": "directory", "path": f, "size": 0, "oid": "0" * 40} for f in folders]
        deep = self.query.get("recursive", ["false"])[0].lower() in ("true", "1")
        files = inside if deep else [p for p in inside if "/" not in p[start:]]
        return told + [found.trees[commit][p].described(p) for p in files]

    def paths_info(self, repo: str, rev: str) -> list:
        found, commit = self.at(repo, rev)
        text = self.body.decode()
        wanted = json.loads(text)["paths"] if text.startswith("{") else parse_qs(text).get("paths", [])
        tree = found.trees[commit]
        told = [tree[p].described(p) for p in wanted if p in tree]
        folders = [p for p in wanted if p not in tree and any(name.startswith(p + "/") for name in tree)]
        return told + [{"type": "directory", "path": p, "size": 0, "oid": "0" * 40} for p in folders]

    def preupload(self, repo: str, rev: str) -> dict:
        self.must_write()
        found, commit = self.at(repo, rev)
        asked = json.loads(self.body)
        tree = found.trees[commit]
        ignore = asked.get("gitIgnore")
        if ignore is None:
            ignore = tree[".gitignore"].data.decode() if ".gitignore" in tree else ""
        patterns = [line for line in ignore.splitlines() if line and not line.startswith("#")]
        return {
            "files": [
                {
                    "path": f["path"],
                    "uploadMode": "lfs" if is_large(f["path"], f["size"]) else "regular",
                    "shouldIgnore": any(fnmatch(f["path"], p) for p in patterns),
                    "oid": None,
                }
                for f in asked["files"]
            ]
        }

    def lfs_batch(self, repo: str) -> dict:
        self.must_write()
        found = self.repo(repo)
        told = []
        for thing in json.loads(self.body)["objects"]:
            answer = {"oid": thing["oid"], "size": thing["size"]}
            if thing["oid"] not in found.objects:
                answer["actions"] = {"upload": {"href": f"{self.server.url}/_lfs/{repo}/{thing['oid']}"}}
            told.append(answer)
        return {"transfer": "basic", "objects": told}

    def lfs_put(self, repo: str, oid: str) -> dict:
        if hashlib.sha256(self.body).hexdigest() != oid:
            raise Refusal(422, "the content differs from its sha256")
        self.server.repos[repo].objects[oid] = self.body  # a signed address: no token comes with it
        return {}

    def xet_token(self, repo: str, rev: str) -> dict:
        """Leave to upload by Xet, into a folder: the real client cuts, packs and stores there."""
        self.must_write()
        self.at(repo, rev)[0].xet = True
        return {"accessToken": "loopback", "exp": 4_000_000_000, "casUrl": f"local://{self.server.storage}"}

    def commit(self, repo: str, rev: str) -> dict:
        self.must_write()
        found, head = self.at(repo, rev)
        lines = [json.loads(line) for line in self.body.splitlines()]
        parent = lines[0]["value"].get("parentCommit")
        if parent and parent != head:
            raise Refusal(412, "A commit has happened since. Please refresh and try again.")
        tree = dict(found.trees[head])
        for line in lines[1:]:
            self.apply(found, tree, line["key"], line["value"])
        commit = found.add(tree, lines[0]["value"]["summary"])
        return {"success": True, "commitOid": commit, "commitUrl": f"{self.server.url}/datasets/{repo}/commit/{commit}"}

    def apply(self, repo: Repo, tree: dict[str, Entry], key: str, value: dict) -> None:
        path = value["path"]
        if key == "file":
            data = base64.b64decode(value["content"])
            spoilt = self.server.fault == "corrupt" and path == "manifest.json"
            tree[path] = Entry(data + b" " if spoilt else data, False)
        elif key == "lfsFile" and repo.xet:
            tree[path] = Entry(b"", True, (value["oid"], value["size"]))
        elif key == "lfsFile":
            if value["oid"] not in repo.objects:
                raise Refusal(400, f"{path}: its content was not uploaded")
            tree[path] = Entry(repo.objects[value["oid"]], True)
        elif key == "deletedFile":
            if tree.pop(path, None) is None:
                raise Refusal(404, f"A file with this name doesn't exist: {path}", "EntryNotFound")
        else:
            raise Refusal(400, f"unknown operation {key}")

    def tag(self, repo: str, rev: str) -> dict:
        self.must_write()
        found, commit = self.at(repo, rev)
        name = json.loads(self.body)["tag"]
        if name in found.tags:
            raise Refusal(409, f"Tag {name} already exists")
        found.tags[name] = commit
        return {}

    def resolve(self, repo: str, rev: str, path: str) -> None:
        found, commit = self.at(repo, rev)
        entry = found.trees[commit].get(path)
        if entry is None:
            raise Refusal(404, "Entry not found", "EntryNotFound")
        etag = entry.sha256 if entry.large else entry.blob_id
        headers = {"X-Repo-Commit": commit, "ETag": f'"{etag}"', "Accept-Ranges": "bytes"}
        if entry.large:
            headers |= {"X-Linked-Size": str(len(entry.data)), "X-Linked-Etag": f'"{etag}"'}
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not wanted:
            return self.answer(200, entry.data, headers)
        start, end = int(wanted[1]), min(int(wanted[2] or len(entry.data)), len(entry.data) - 1)
        headers["Content-Range"] = f"bytes {start}-{end}/{len(entry.data)}"
        return self.answer(206, entry.data[start : end + 1], headers)

    # what the tests ask for -------------------------------------------------------------------------------------

    def set_fault(self) -> dict:
        self.server.armed.append(json.loads(self.body))
        return {}

    def log(self) -> list:
        return self.server.log

    def push(self, repo: str) -> dict:
        """Somebody else commits files."""
        return {"commit": self.server.push(repo, json.loads(self.body))}

    # how it works -----------------------------------------------------------------------------------------------

    def repo(self, name: str) -> Repo:
        found = self.server.repos.get(name)
        if found is None or (found.private and not self.headers.get("Authorization")):
            raise Refusal(404, "Repository not found", "RepoNotFound")
        return found

    def at(self, name: str, rev: str) -> tuple[Repo, str]:
        found = self.repo(name)
        commit = found.resolve(rev)
        if commit is None:
            raise Refusal(404, f"Invalid rev id: {rev}", "RevisionNotFound")
        return found, commit

    def must_write(self) -> None:
        if not self.headers.get("Authorization"):
            raise Refusal(401, "Invalid username or password.")

    def check_token(self) -> None:
        given = self.headers.get("Authorization")
        if given and given != f"Bearer {self.server.token}":
            raise Refusal(401, "Invalid credentials in Authorization header")

    def route(self) -> None:
        url = urlsplit(self.path)
        self.query = parse_qs(url.query)
        self.body = self.read_body()
        method = "GET" if self.command == "HEAD" else self.command
        try:
            if not url.path.startswith("/_"):
                self.server.log.append([self.command, url.path])
                self.check_token()
                self.fail_if_told(method, url.path)
            for wanted, pattern, name in ROUTES:
                match = re.fullmatch(pattern, url.path)
                if wanted == method and match:
                    with LOCK:
                        told = getattr(self, name)(**{k: unquote(v) for k, v in match.groupdict().items() if v})
                    if name != "resolve":
                        self.answer(200, json.dumps(told).encode(), {"Content-Type": "application/json"})
                    return
            raise Refusal(404, "no such route")
        except Refusal as refusal:
            told = json.dumps({"error": refusal.message, "errors": [{"message": refusal.message}]}).encode()
            headers = {"Content-Type": "application/json", "X-Error-Message": refusal.message}
            self.answer(refusal.status, told, headers | ({"X-Error-Code": refusal.code} if refusal.code else {}))

    def fail_if_told(self, method: str, path: str) -> None:
        for fault in self.server.armed:
            if fault["method"] == method and re.search(fault["path"], path):
                self.server.armed.remove(fault)
                self.server.fault = fault["how"]
                if fault["how"] == "stall":
                    threading.Event().wait(60)
                    raise Refusal(504, "too late")
                if fault["how"] == "push":
                    self.server.push(fault["repo"], fault["files"])
                if isinstance(fault["how"], int):
                    raise Refusal(fault["how"], fault.get("message", "told to fail"))
                return
        self.server.fault = None

    def read_body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def answer(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    do_GET = do_HEAD = do_POST = do_PUT = route  # noqa: N815 - names that the standard library calls


ROUTES = (
    ("GET", "/api/whoami-v2", "whoami"),
    ("POST", "/api/validate-yaml", "validate_yaml"),
    ("POST", "/api/repos/create", "create"),
    ("GET", f"/api/datasets/{ID}", "info"),
    ("GET", f"/api/datasets/{ID}/revision/{REV}", "info"),
    ("GET", f"/api/datasets/{ID}/refs", "refs"),
    ("GET", f"/api/datasets/{ID}/commits/{REV}", "commits"),
    ("GET", f"/api/datasets/{ID}/tree/{REV}(?:/(?P<path>.+))?", "tree"),
    ("POST", f"/api/datasets/{ID}/paths-info/{REV}", "paths_info"),
    ("POST", f"/api/datasets/{ID}/preupload/{REV}", "preupload"),
    ("POST", f"/datasets/{ID}\\.git/info/lfs/objects/batch", "lfs_batch"),
    ("PUT", f"/_lfs/{ID}/(?P<oid>[0-9a-f]+)", "lfs_put"),
    ("GET", f"/api/datasets/{ID}/xet-write-token/{REV}", "xet_token"),
    ("POST", f"/api/datasets/{ID}/commit/{REV}", "commit"),
    ("POST", f"/api/datasets/{ID}/tag/{REV}", "tag"),
    ("GET", f"/datasets/{ID}/resolve/{REV}/(?P<path>.+)", "resolve"),
    ("POST", "/_fault", "set_fault"),
    ("GET", "/_log", "log"),
    ("POST", f"/_push/{ID}", "push"),
)


class Server(ThreadingHTTPServer):
    """The Hub's state."""

    daemon_threads = True

    def __init__(self, token: str, storage: str) -> None:
        super().__init__(("127.0.0.1", 0), Hub)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        self.token, self.storage = token, storage
        self.repos: dict[str, Repo] = {}
        self.armed: list[dict] = []
        self.fault: str | int | None = None
        self.log: list[list[str]] = []

    def push(self, name: str, files: dict[str, str]) -> str:
        found = self.repos.setdefault(name, new_repo(name, False))
        tree = dict(found.trees[found.branches["main"]])
        tree |= {path: Entry(text.encode(), False) for path, text in files.items()}
        return found.add(tree, "by somebody else")


def main() -> None:
    server = Server(*sys.argv[1:])
    print(server.url, flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
