"""The MIME types of files that articles bring along. A table of our own, since Python's differs from machine to machine."""

from __future__ import annotations

from pathlib import PurePosixPath

_TYPES = {
    "aac": "audio/aac",
    "flac": "audio/flac",
    "m4a": "audio/x-m4a",
    "mp3": "audio/mpeg",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "m4v": "video/x-m4v",
    "mov": "video/quicktime",
    "mp4": "video/mp4",
    "ogv": "video/ogg",
    "webm": "video/webm",
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
    "csv": "text/csv",
    "epub": "application/epub+zip",
    "html": "text/html",
    "json": "application/json",
    "pdf": "application/pdf",
    "srt": "application/x-subrip",
    "txt": "text/plain",
    "vtt": "text/vtt",
    "zip": "application/zip",
}


def media_type(name: str) -> str:
    """The type that the ending of a file's name or address tells; empty if it tells none."""
    return _TYPES.get(PurePosixPath(name).suffix[1:].lower(), "")
