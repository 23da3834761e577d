"""A small object store that speaks the published S3 protocol, checks who signs, and misbehaves on demand."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

KEY_ID, SECRET, REGION, BUCKET = (
    "AKIDEXAMPLE",
    "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    "us-east-1",
    "photos",
)


@dataclass
class Bucket:
    """What is stored; `faults` are the next misbehaviours: a status, "cut" (half the body), "silent" (hang up)."""

    files: dict[str, bytes] = field(default_factory=dict)
    parts: dict[str, dict[int, bytes]] = field(default_factory=dict)
    faults: list[int | str] = field(default_factory=list)
    methods: str = "GET PUT POST HEAD DELETE"
    seen: list[str] = field(default_factory=list)
    unsigned: int = 0
    url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """What a server must be told to use it."""
        return {
            "AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": self.url,
        }  # fmt: skip


def signature(handler: BaseHTTPRequestHandler, body: bytes) -> bool:
    """Whether the request is signed by our key over what came (AWS Signature Version 4)."""
    words = handler.headers.get("authorization", "")
    if not words.startswith("AWS4-HMAC-SHA256 "):
        return False
    said = dict(each.strip().split("=", 1) for each in words.removeprefix("AWS4-HMAC-SHA256 ").split(","))
    key_id, day, region, service, end = said["Credential"].split("/")
    if (key_id, region, service, end) != (KEY_ID, REGION, "s3", "aws4_request"):
        return False
    url, names = urlsplit(handler.path), said["SignedHeaders"].split(";")
    query = sorted(parse_qsl(url.query, keep_blank_values=True))
    claimed = handler.headers.get("x-amz-content-sha256", "")
    if claimed not in ("UNSIGNED-PAYLOAD", hashlib.sha256(body).hexdigest()):
        return False
    canonical = "\n".join([
        handler.command, quote(unquote(url.path), safe="/-_.~"),
        "&".join(f"{quote(key, safe='-_.~')}={quote(value, safe='-_.~')}" for key, value in query),
        *(f"{name}:{' '.join(handler.headers.get(name, '').split())}" for name in names), "",
        ";".join(names), claimed,
    ])  # fmt: skip
    scope = f"{day}/{region}/{service}/{end}"
    moment = handler.headers.get("x-amz-date", "")
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{SECRET}".encode()
    for word in (day, region, service, end):
        key = hmac.new(key, word.encode(), hashlib.sha256).digest()
    wanted = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted, said["Signature"])


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    bucket: Bucket

    def log_message(self, format: str, *words: object) -> None:
        """Nobody reads it."""

    def serve(self) -> None:
        """Any method."""
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        url = urlsplit(self.path)
        name = unquote(url.path).removeprefix(f"/{BUCKET}").removeprefix("/")
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        self.bucket.seen.append(f"{self.command} {name}")
        if not signature(self, body):
            self.bucket.unsigned += 1
            self.say(403, error("SignatureDoesNotMatch"))
            return
        if self.bucket.faults and self.command in self.bucket.methods.split():
            fault = self.bucket.faults.pop(0)
            if fault == "silent":
                self.close_connection = True
                return
            if isinstance(fault, int):
                self.say(fault, error("InternalError"))
                return
            self.cut = True
        self.act(name, query, body)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = serve  # noqa: N815
    cut = False

    def act(self, name: str, query: dict[str, str], body: bytes) -> None:
        """What the method means."""
        files, parts = self.bucket.files, self.bucket.parts
        if self.command in ("GET", "HEAD") and "list-type" in query:
            self.say(200, listing(files, query.get("prefix", "")))
        elif self.command in ("GET", "HEAD"):
            self.give(files.get(name))
        elif self.command == "POST" and "uploads" in query:
            id = f"u{len(parts)}"
            parts[id] = {}
            self.say(
                200,
                f"<InitiateMultipartUploadResult><UploadId>{id}</UploadId></InitiateMultipartUploadResult>",
            )
        elif self.command == "PUT" and "partNumber" in query:
            parts[query["uploadId"]][int(query["partNumber"])] = body
            self.say(200, "", {"etag": tag(body)})
        elif self.command == "POST" and "uploadId" in query:
            pieces = parts.pop(query["uploadId"])
            files[name] = b"".join(pieces[number] for number in sorted(pieces))
            self.say(
                200,
                f"<CompleteMultipartUploadResult><ETag>{tag(files[name])}</ETag></CompleteMultipartUploadResult>",
            )
        elif self.command == "DELETE" and "uploadId" in query:
            parts.pop(query["uploadId"], None)
            self.say(204)
        elif self.command == "POST" and "delete" in query:
            keys = [each.partition("</Key>")[0] for each in body.decode().split("<Key>")[1:]]
            for key in keys:
                files.pop(key, None)
            told = "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys)
            self.say(200, f"<DeleteResult>{told}</DeleteResult>")
        elif self.command == "PUT":
            files[name] = body
            self.say(200, "", {"etag": tag(body)})
        else:
            files.pop(name, None)
            self.say(204)

    def give(self, data: bytes | None) -> None:
        """A file or a part of it."""
        if data is None:
            self.say(404, error("NoSuchKey"))
            return
        headers = {"etag": tag(data), "last-modified": formatdate(usegmt=True), "accept-ranges": "bytes"}
        wanted = self.headers.get("range", "").removeprefix("bytes=")
        if not wanted:
            self.say(200, data, headers)
            return
        first, last = wanted.split("-")
        start, end = int(first), min(len(data), int(last) + 1 if last else len(data))
        self.say(206, data[start:end], {**headers, "content-range": f"bytes {start}-{end - 1}/{len(data)}"})

    def say(self, status: int, body: bytes | str = b"", headers: dict[str, str] | None = None) -> None:
        """Answer; a body that is cut breaks off in the middle."""
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for name, value in {"content-length": str(len(data)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data[: len(data) // 2] if self.cut else data)
        if self.cut:
            self.close_connection = True


def listing(files: dict[str, bytes], prefix: str) -> str:
    """Names that begin so."""
    now = "2026-11-22T00:00:00.000Z"
    found = "".join(
        f"<Contents><Key>{escape(name)}</Key><LastModified>{now}</LastModified><ETag>{tag(data)}</ETag>"
        f"<Size>{len(data)}</Size></Contents>"
        for name, data in sorted(files.items())
        if name.startswith(prefix)
    )
    return f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>"


def tag(data: bytes) -> str:
    """A name for these bytes."""
    return f'"{hashlib.md5(data, usedforsecurity=False).hexdigest()}"'


def error(code: str) -> str:
    """A refusal."""
    return f"<Error><Code>{code}</Code><Message>{code}</Message></Error>"


@contextmanager
def open_bucket() -> Iterator[Bucket]:
    """A store on a port of its own."""
    bucket = Bucket()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Handler,), {"bucket": bucket}))
    bucket.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield bucket
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
