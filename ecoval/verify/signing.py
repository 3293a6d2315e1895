"""Sign what a document carries with a key, and check a signature, for whoever wants it.

What is signed is the fingerprint together with the whole case that the document carries, so that a
signature holds for every form of the document and after it was saved again by another program.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..errors import InputError, OutputError, reason

FORM = "ecoval-signature-1"


def signature_path(document: Path) -> Path:
    """Return where the signature of *document* lies: beside it, ``case.docx.sig``."""
    return document.with_name(f"{document.name}.sig")


def message_of(data: Mapping[str, Any]) -> bytes:
    """Return what is signed of the carried *data*: its fingerprint and the digest of all of it."""
    carried = {name: part for name, part in data.items() if name != "document"}
    text = json.dumps(carried, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode("ascii")).hexdigest()
    return f"{FORM}\n{data.get('fingerprint', '')}\n{digest}\n".encode()


def sign(document: str | Path, key: str | Path, *, password: str = "", force: bool = False) -> Path:
    """Sign what *document* carries with the Ed25519 private *key* (PEM); return the signature's path.

    Raises
    ------
    InputError
        The document carries no case, does not agree with it, or the key will not do.
    OutputError
        The signature is there already and *force* is not given, or it cannot be written.
    """
    from .verification import carried_data, verify

    document = Path(document)
    private = _private_key(Path(key), password)
    found = verify(document)
    if found.status != "intact" or found.unchecked:
        raise InputError(f"文书未通过复核，不予签名：{found}", where=str(document))
    data = carried_data(document)
    path = signature_path(document)
    if path.exists() and not force:
        raise OutputError("文件已存在，未覆盖", where=str(path), hint="确需覆盖请加 --force。")
    held = {
        "form": FORM,
        "fingerprint": str(data.get("fingerprint", "")),
        "signature": base64.b64encode(private.sign(message_of(data))).decode("ascii"),
    }
    try:
        path.write_text(json.dumps(held, indent=2) + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"不能写入：{reason(error)}", where=str(path)) from None
    return path


def check_signature(document: Path, data: Mapping[str, Any], public_key: str | Path) -> str:
    """Return why the signature beside *document* does not hold for *data*, empty if it does.

    Raises
    ------
    InputError
        The key will not do, or there is no signature or a broken one.
    """
    _need_cryptography()
    from cryptography.exceptions import InvalidSignature

    public = _public_key(Path(public_key))
    path = signature_path(document)
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        signature = base64.b64decode(held["signature"], validate=True)
        form = held["form"]
    except OSError as error:
        raise InputError(f"没有签名文件：{reason(error)}", where=str(path)) from None
    except (ValueError, KeyError, TypeError):
        raise InputError("签名文件已残缺", where=str(path)) from None
    if form != FORM:
        raise InputError("不认识的签名形式", where=str(path), got=form, hint=f"应为 {FORM}。")
    try:
        public.verify(signature, message_of(data))
    except InvalidSignature:
        return "签名与文书中的案卷或公钥不符"
    return ""


def _need_cryptography() -> None:
    try:
        import cryptography  # noqa: F401
    except ImportError:
        raise InputError(
            "签名需要 cryptography", where="ecoval sign", hint="请安装：pip install ecoval[sign]。"
        ) from None


def _private_key(path: Path, password: str) -> Any:
    _need_cryptography()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    held = _bytes(path)
    try:
        key = load_pem_private_key(held, password.encode("utf-8") or None)
    except TypeError:
        hint = "请以 --password 给出口令。" if not password else "该私钥没有口令。"
        raise InputError("私钥的口令不符", where=str(path), hint=hint) from None
    except (ValueError, UnsupportedAlgorithm):
        raise InputError("不能读取私钥（PEM），或口令不对", where=str(path), hint=_MAKE) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError("私钥应为 Ed25519", where=str(path), hint=_MAKE)
    return key


def _public_key(path: Path) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    held = _bytes(path)
    try:
        key = load_pem_public_key(held)
    except (ValueError, UnsupportedAlgorithm):
        raise InputError("不能读取公钥（PEM）", where=str(path), hint=_MAKE) from None
    if not isinstance(key, Ed25519PublicKey):
        raise InputError("公钥应为 Ed25519", where=str(path), hint=_MAKE)
    return key


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"不能读取密钥：{reason(error)}", where=str(path)) from None


_MAKE = (
    "可用 openssl genpkey -algorithm ed25519 -out key.pem 生成私钥，"
    "openssl pkey -in key.pem -pubout -out public.pem 取出公钥。"
)
