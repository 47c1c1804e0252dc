"""What may be uploaded, decided by content: PDF, JPEG and PNG, of limited size, without anything that runs.

Images are encoded anew, which drops location data and whatever hides behind the picture. A PDF must open without
a password and hold no script and no attached file. Officers never open the original in the browser: they see
pages rendered here (`page_png`).
"""

import hashlib
import io
import os
import re
import threading
import unicodedata
import zlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import puremagic
import pypdfium2
import pypdfium2.raw as pdfium
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from portal.models import File

ENDINGS = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}
PAGES_LIMIT = 300
PIXELS_LIMIT = 40_000_000
PREVIEW_WIDTH = 1240  # an A4 page at 150 dpi
PREVIEW_HEIGHT = 3 * PREVIEW_WIDTH  # a page may be as narrow as it likes, but not make a picture without end
OBJECTS_LIMIT = 64 * 1024 * 1024
ACTIVE = re.compile(rb"/(JavaScript|Launch|FileAttachment|RichMedia)\b")
Image.MAX_IMAGE_PIXELS = None  # we look at the size ourselves, before anything is decoded
_pdfium_lock = threading.Lock()  # pdfium is not thread-safe


class BadFile(ValueError):
    """A file that can't be taken; the message says which, why and what to do."""


class LimitHandler(FileUploadHandler):
    """Stops reading a file once it is over the limit; the view finds its name in `request.too_big`."""

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) > settings.FILE_SIZE_LIMIT:
            self.request.too_big = [*getattr(self.request, "too_big", []), self.file_name]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        return None


@dataclass(frozen=True)
class Checked:
    name: str
    media_type: str
    data: bytes
    pages: int


def too_big(request) -> str:
    """The sentence for files that the limit cut off, or "" when there were none."""
    len(request.FILES)  # the handlers run when the form is read
    names = getattr(request, "too_big", [])
    if not names:
        return ""
    limit = settings.FILE_SIZE_LIMIT // 1024 // 1024
    return _("“%(names)s”超过 %(limit)s MB，没有上传。请压缩或分成几个文件再传。") % {
        "names": _("、").join(clean_name(n) for n in names),
        "limit": limit,
    }


def store(upload, *, organisation, by, replaces: File | None = None) -> File:
    """Check an uploaded file and keep it; the same content under the same name is kept once by an organisation.

    Raises BadFile. The file is written before the caller's transaction commits; a lost one is swept (see docs).
    """
    checked = check(upload)
    digest = hashlib.sha256(checked.data).hexdigest()
    same = File.objects.filter(organisation=organisation, sha256=digest, name=checked.name)
    if known := same.order_by("-uploaded_at", "-pk").first():
        return known
    file = File(
        organisation=organisation,
        name=checked.name,
        media_type=checked.media_type,
        size=len(checked.data),
        pages=checked.pages,
        sha256=digest,
        replaces=replaces,
        uploaded_by=by,
    )
    file.content.save("", ContentFile(checked.data), save=False)
    file.save(force_insert=True)
    return file


def check(upload) -> Checked:
    """The content as it will be kept; raises BadFile."""
    name = clean_name(upload.name)
    if Path(name).suffix.lower() not in ENDINGS:
        raise BadFile(_("“%(name)s”不是能收的类型。请上传 PDF、JPG 或 PNG。") % {"name": name})
    data = upload.read(settings.FILE_SIZE_LIMIT + 1)
    if not data:
        raise BadFile(_("“%(name)s”是空文件。请检查后重新选择。") % {"name": name})
    if len(data) > settings.FILE_SIZE_LIMIT:
        raise BadFile(
            _("“%(name)s”超过 %(limit)s MB。请压缩或分成几个文件再传。")
            % {"name": name, "limit": settings.FILE_SIZE_LIMIT // 1024 // 1024}
        )
    media_type = kind_of(data)
    if media_type == "application/pdf":
        return Checked(name, media_type, data, check_pdf(name, data))
    if media_type in ("image/jpeg", "image/png"):
        return Checked(name, media_type, clean_image(name, data, media_type), 1)
    raise BadFile(
        _("“%(name)s”的内容不是 PDF、JPG 或 PNG（只改扩展名不行）。请另存为 PDF 或拍照上传。") % {"name": name}
    )


def kind_of(data: bytes) -> str:
    """The media type that the content shows, "" when it shows none."""
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    try:
        return puremagic.from_string(data, mime=True)
    except (puremagic.PureError, ValueError):
        return ""


def clean_name(name: str) -> str:
    """A label fit to show: no path, no control or direction characters, at most 120 characters."""
    name = re.split(r"[\\/]", name)[-1]
    name = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C").strip(" .")
    stem, ending = Path(name).stem, Path(name).suffix
    return (stem[: max(120 - len(ending), 0)] + ending)[:120] or "file"


def check_pdf(name: str, data: bytes) -> int:
    """The number of pages of a harmless PDF; raises BadFile."""
    try:
        pages, active = look_into(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise BadFile(_("“%(name)s”加了密码。请去掉密码后重新上传。") % {"name": name}) from error
        raise BadFile(_("“%(name)s”打不开，可能没有传完整或已损坏。请重新生成后上传。") % {"name": name}) from error
    if pages > PAGES_LIMIT:
        raise BadFile(
            _("“%(name)s”有 %(pages)s 页，最多 %(limit)s 页。请只传需要的部分。")
            % {"name": name, "pages": pages, "limit": PAGES_LIMIT}
        )
    if active or names_active(data):
        raise BadFile(_("“%(name)s”里有脚本或附件，不能接收。请“打印为 PDF”后重新上传。") % {"name": name})
    return pages


def look_into(data: bytes) -> tuple[int, bool]:
    """How many pages a PDF has, and whether its catalogue lists scripts or files. Raises PdfiumError, also where a page
    is missing."""
    with _pdfium_lock:
        pdf = pypdfium2.PdfDocument(data)
        try:
            pages = len(pdf)
            for number in range(min(pages, PAGES_LIMIT)):
                pdf.get_page_size(number)
            scripts = pdfium.FPDFDoc_GetJavaScriptActionCount(pdf.raw)
            return pages, scripts > 0 or pdfium.FPDFDoc_GetAttachmentCount(pdf.raw) > 0
        finally:
            pdf.close()


def pictures_of(data: bytes, scale: float) -> list[bytes]:
    """Each page of a PDF of our own as a PNG, `scale` pixels to a point."""
    with _pdfium_lock:
        pdf = pypdfium2.PdfDocument(data)
        try:
            found = []
            for page in pdf:
                stream = io.BytesIO()
                page.render(scale=scale).to_pil().save(stream, "PNG", optimize=True)
                found.append(stream.getvalue())
            return found
        finally:
            pdf.close()


def names_active(data: bytes) -> bool:
    """Whether a PDF names something that runs or hides a file, in plain sight or in its compressed objects.

    A name may be written with escapes (/J#61vaScript). Objects that open to more than `OBJECTS_LIMIT` are not looked
    through and count as active.
    """
    parts, room = [data], OBJECTS_LIMIT
    for found in re.finditer(rb"/ObjStm\b.{0,400}?stream\r?\n", data, re.DOTALL):
        with suppress(zlib.error):
            parts.append(zlib.decompressobj().decompress(memoryview(data)[found.end() :], room))
            room -= len(parts[-1])
        if room <= 0:
            return True
    return any(ACTIVE.search(re.sub(rb"#([0-9A-Fa-f]{2})", lambda m: bytes.fromhex(m[1].decode()), p)) for p in parts)


def clean_image(name: str, data: bytes, media_type: str) -> bytes:
    """The picture alone, upright, encoded anew; raises BadFile."""
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as image:
            if image.width * image.height > PIXELS_LIMIT:
                raise BadFile(
                    _("“%(name)s”有 %(width)s × %(height)s 像素，太大了。请缩小后上传。")
                    % {"name": name, "width": image.width, "height": image.height}
                )
            return bare(ImageOps.exif_transpose(image), media_type)
    except BadFile:
        raise
    except Exception as error:  # there is no end to what a broken picture raises
        raise BadFile(
            _("“%(name)s”打不开，可能没有传完整或已损坏。请重新拍照或另存后上传。") % {"name": name}
        ) from error


def bare(picture: Image.Image, media_type: str) -> bytes:
    """A picture encoded anew, without comment, place or anything else beside its points."""
    if picture.mode.startswith("I"):  # 16 bits a point; converting would cut off what is brighter than 255
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    transparent = "A" in picture.getbands() or "transparency" in picture.info
    picture = picture.convert("RGBA" if transparent and media_type == "image/png" else "RGB")
    picture.info.clear()
    kept = io.BytesIO()
    if media_type == "image/jpeg":
        picture.save(kept, "JPEG", quality=90)
    else:
        picture.save(kept, "PNG")
    return kept.getvalue()


def page_png(file: File, number: int) -> bytes:
    """Page `number` (from 1) of a file as a picture; rendered once, then kept beside the files."""
    kept = Path(settings.FILES_ROOT) / "pages" / f"{file.pk.hex}-{number}.png"
    if kept.exists():
        return kept.read_bytes()
    with file.content.open("rb") as stored:
        data = stored.read()
    picture = render_pdf(data, number) if file.media_type == "application/pdf" else shrink(data)
    kept.parent.mkdir(parents=True, exist_ok=True)
    part = kept.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    part.write_bytes(picture)
    part.replace(kept)
    return picture


def render_pdf(data: bytes, number: int) -> bytes:
    with _pdfium_lock:
        pdf = pypdfium2.PdfDocument(data)
        try:
            page = pdf[number - 1]
            width, height = (max(side, 1) for side in page.get_size())
            image = page.render(scale=min(PREVIEW_WIDTH / width, PREVIEW_HEIGHT / height)).to_pil()
        finally:
            pdf.close()
    return as_png(image)


def shrink(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        image.thumbnail((PREVIEW_WIDTH, PREVIEW_HEIGHT))
        return as_png(image)


def as_png(image) -> bytes:
    picture = io.BytesIO()
    image.save(picture, "PNG", optimize=True)
    return picture.getvalue()
