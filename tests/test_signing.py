"""Sign what a document carries: the signature holds for it and for nothing else."""

import json
import shutil
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ecoval.case import Case
from ecoval.cli import app
from ecoval.errors import InputError, OutputError
from ecoval.report import write_opinion
from ecoval.verify import sign, verify

pytest.importorskip("cryptography")

CASE = Path(__file__).parent.parent / "examples" / "chongqing-2016.toml"


def keys(folder, name="key", password=b""):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        NoEncryption,
        PrivateFormat,
        PublicFormat,
    )

    private = Ed25519PrivateKey.generate()
    lock = BestAvailableEncryption(password) if password else NoEncryption()
    held = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)
    (folder / f"{name}.pem").write_bytes(held)
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / f"{name}-public.pem").write_bytes(public)
    return folder / f"{name}.pem", folder / f"{name}-public.pem"


@pytest.fixture
def document(tmp_path):
    write_opinion(Case.read(CASE).assess(), tmp_path, name="x", pdf=False, draft=True)
    return tmp_path / "x.docx"


@pytest.mark.parametrize("kind", ["docx", "html", "json"])
def test_a_signature_holds_for_every_form_of_the_document(tmp_path, document, kind):
    private, public = keys(tmp_path)
    of = document.with_suffix(f".{kind}")
    assert sign(of, private) == tmp_path / f"x.{kind}.sig"
    found = verify(of, public_key=public)
    assert found.signature == "" and found.is_good
    assert "签名　有效" in str(found)


def test_the_signature_of_one_form_is_that_of_another(tmp_path, document):
    private, public = keys(tmp_path)
    shutil.copy(sign(document, private), tmp_path / "x.html.sig")
    assert verify(tmp_path / "x.html", public_key=public).signature == ""


def test_another_key_and_another_case_are_refused(tmp_path, document):
    private, _ = keys(tmp_path)
    _, other = keys(tmp_path, "other")
    sign(document, private)
    found = verify(document, public_key=other)
    assert found.signature == "签名与文书中的案卷或公钥不符" and not found.is_good
    _, public = private, tmp_path / "key-public.pem"
    with_note = Case.read(CASE).model_copy(update={"note": "改动"})
    write_opinion(with_note.assess(), tmp_path, name="y", pdf=False, draft=True)
    shutil.copy(tmp_path / "x.docx.sig", tmp_path / "y.docx.sig")
    assert verify(tmp_path / "y.docx", public_key=public).signature


def test_what_does_not_verify_is_not_signed(tmp_path, document):
    private, _ = keys(tmp_path)
    altered = tmp_path / "altered.docx"
    with zipfile.ZipFile(document) as old, zipfile.ZipFile(altered, "w") as new:
        for name in old.namelist():
            held = old.read(name)
            if name == "word/document.xml":
                total = Case.read(CASE).assess().rows()[0][3].encode()
                held = held.replace(total, b"1" + total, 1)
            new.writestr(name, held)
    with pytest.raises(InputError, match="文书未通过复核，不予签名"):
        sign(altered, private)


def test_a_signature_is_kept_unless_forced(tmp_path, document):
    private, _ = keys(tmp_path)
    sign(document, private)
    with pytest.raises(OutputError, match="文件已存在，未覆盖.*--force"):
        sign(document, private)
    sign(document, private, force=True)


def test_a_locked_key_needs_its_password(tmp_path, document):
    private, public = keys(tmp_path, password=b"secret")
    with pytest.raises(InputError, match="私钥的口令不符.*--password"):
        sign(document, private)
    with pytest.raises(InputError, match="不能读取私钥（PEM），或口令不对"):
        sign(document, private, password="wrong")
    sign(document, private, password="secret")
    assert verify(document, public_key=public).signature == ""


def test_what_is_no_key_and_no_signature_is_said(tmp_path, document):
    private, public = keys(tmp_path)
    with pytest.raises(InputError, match="没有签名文件"):
        verify(document, public_key=public)
    with pytest.raises(InputError, match=r"不能读取公钥（PEM）.*openssl"):
        verify(document, public_key=private)
    with pytest.raises(InputError, match="不能读取密钥"):
        sign(document, tmp_path / "none.pem")
    signature = tmp_path / "x.docx.sig"
    signature.write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="签名文件已残缺"):
        verify(document, public_key=public)
    held = {"form": "other", "signature": "AAAA"}
    signature.write_text(json.dumps(held), encoding="utf-8")
    with pytest.raises(InputError, match="不认识的签名形式.*ecoval-signature-1"):
        verify(document, public_key=public)


def test_without_cryptography_it_is_said_what_to_install(tmp_path, document, monkeypatch):
    private, public = keys(tmp_path)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(InputError, match=r"签名需要 cryptography.*pip install ecoval\[sign\]"):
        sign(document, private)
    with pytest.raises(InputError, match="签名需要 cryptography"):
        verify(document, public_key=public)
    assert verify(document).is_good


def test_the_commands_sign_and_check(tmp_path, document):
    private, public = keys(tmp_path)
    ran = CliRunner().invoke(app, ["sign", str(document), "--key", str(private)])
    assert ran.exit_code == 0 and "x.docx.sig" in ran.output.replace("\n", "")
    ran = CliRunner().invoke(app, ["verify", str(document), "--key", str(public)])
    assert ran.exit_code == 0 and "签名　有效" in ran.output
