"""What may be uploaded, by content; what is kept of it; how it is shown. Every file is made here."""

import io
import struct
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as some
from PIL import Image, PngImagePlugin

from portal import uploads
from portal.models import Evidence, File, Role
from portal.uploads import BadFile, check, clean_name
from stations.demo import demo_pdf
from tests import make

LIMIT = 10 * 1024 * 1024


# --- files -------------------------------------------------------------------------------------


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>"


def pdf(*objects, trailer=b""):
    """A PDF of these objects, numbered from 1; without any, one empty page."""
    objects = objects or (CATALOGUE, PAGES, PAGE)
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, len(data))
    return data + table + end


def pdf_of_pages(count):
    kids = b" ".join(b"%d 0 R" % n for n in range(3, count + 3))
    return pdf(CATALOGUE, b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count), *[PAGE] * count)


def pdf_of_size(size):
    """A PDF that holds as many zeros as make it so long."""
    zeros, off = 0, size
    while off:
        zeros += off
        data = pdf(CATALOGUE, PAGES, PAGE, b"<</Length %d>>stream\n%s\nendstream" % (zeros, b"0" * zeros))
        off = size - len(data)
    return data


def pdf_of_compressed_objects(catalogue, filling=b""):
    """As today's programs write it: the objects in a compressed stream, their places in another."""
    bodies, head, text = (catalogue, PAGES, PAGE), b"", b""
    for number, body in enumerate(bodies, 1):
        head += b"%d %d " % (number, len(text))
        text += body + b" "
    packed = zlib.compress(head + text + filling)
    data = b"%PDF-1.5\n"
    stream = len(data)
    data += b"4 0 obj<</Type/ObjStm/N 3/First %d/Length %d/Filter/FlateDecode>>stream\n" % (len(head), len(packed))
    data += packed + b"\nendstream\nendobj\n"
    table = len(data)
    rows = [(0, 0, 65535), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, stream, 0), (1, table, 0)]
    packed = zlib.compress(b"".join(struct.pack(">BIH", *row) for row in rows))
    data += b"5 0 obj<</Type/XRef/Size 6/W[1 4 2]/Root 1 0 R/Length %d/Filter/FlateDecode>>stream\n" % len(packed)
    return data + packed + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % table


def picture(kind="JPEG", size=(40, 30), mode="RGB", **values):
    """A picture whose left half is red."""
    image = Image.new(mode, size)
    if mode == "RGB":
        image.paste((255, 0, 0), (0, 0, size[0] // 2, size[1]))
    stream = io.BytesIO()
    image.save(stream, kind, **values)
    return stream.getvalue()


def huge_png(side):
    """A few bytes that claim to be a picture of so many points a side."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def png_with_text(size):
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "A" * size, zip=True)
    return picture("PNG", pnginfo=info)


def place():
    """Turned by a quarter, taken in Kunshan."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8825] = {1: "N", 2: (31.0, 22.0, 48.0), 3: "E", 4: (120.0, 58.0, 12.0)}
    exif[0x9286] = b"ASCII\0\0\0<script>"
    return exif


def upload(name, data, media_type="application/octet-stream"):
    return SimpleUploadedFile(name, data, media_type)


def opened(data):
    return Image.open(io.BytesIO(data))


# --- what is taken -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("证明.pdf", demo_pdf("proof", "1"), "application/pdf"),
        ("SCAN.PDF", pdf(), "application/pdf"),
        ("a.pdf", pdf_of_compressed_objects(CATALOGUE), "application/pdf"),
        ("photo.jpg", picture(), "image/jpeg"),
        ("photo.jpeg", picture(mode="CMYK"), "image/jpeg"),
        ("scan.png", picture("PNG"), "image/png"),
        ("scan.png", picture("PNG", mode="1"), "image/png"),
        ("scan.png", picture("PNG", mode="LA"), "image/png"),
        ("scan.png", picture("PNG", mode="P"), "image/png"),
        ("photo.png", picture(), "image/jpeg"),
    ],
    ids=[
        *("PDF", "capitals", "compressed objects", "JPEG", "JPEG for print", "PNG", "black and white"),
        *("half transparent", "palette", "a JPEG that calls itself PNG"),
    ],
)
def test_a_document_or_a_picture_is_taken_by_what_it_is(name, data, media_type):
    checked = check(upload(name, data, "text/html"))
    assert (checked.name, checked.media_type, checked.pages) == (name, media_type, 1)


@pytest.mark.parametrize(("pages", "taken"), [(1, True), (300, True), (301, False)])
def test_a_pdf_may_have_300_pages(pages, taken):
    if taken:
        assert check(upload("a.pdf", pdf_of_pages(pages))).pages == pages
        return
    with pytest.raises(BadFile, match="^“a.pdf”有 301 页，最多 300 页。请只传需要的部分。$"):
        check(upload("a.pdf", pdf_of_pages(pages)))


def test_a_file_may_have_exactly_ten_megabytes():
    data = pdf_of_size(LIMIT)
    assert len(data) == LIMIT
    assert len(check(upload("a.pdf", data)).data) == LIMIT
    with pytest.raises(BadFile, match="^“a.pdf”超过 10 MB。请压缩或分成几个文件再传。$"):
        check(upload("a.pdf", data + b"\n"))


# --- what isn't --------------------------------------------------------------------------------

WRONG_ENDING = "“{}”不是能收的类型。请上传 PDF、JPG 或 PNG。"
WRONG_CONTENT = "“{}”的内容不是 PDF、JPG 或 PNG（只改扩展名不行）。请另存为 PDF 或拍照上传。"
BROKEN_PDF = "“{}”打不开，可能没有传完整或已损坏。请重新生成后上传。"
BROKEN_PICTURE = "“{}”打不开，可能没有传完整或已损坏。请重新拍照或另存后上传。"
ACTIVE = "“{}”里有脚本或附件，不能接收。请“打印为 PDF”后重新上传。"
SCRIPT = b"<</S/JavaScript/JS(app.alert(1))>>"
STARTS_SCRIPT = b"<</Type/Catalog/Pages 2 0 R/OpenAction%s>>"


def annotated(annotation, *more):
    return pdf(CATALOGUE, PAGES, PAGE[:-2] + b"/Annots[4 0 R]>>", annotation, *more)


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.pdf", b"", "“{}”是空文件。请检查后重新选择。"),
        ("a.pdf", b"x", WRONG_CONTENT),
        ("a.docx", pdf(), WRONG_ENDING),
        ("a", pdf(), WRONG_ENDING),
        ("a.pdf.exe", pdf(), WRONG_ENDING),
        ("ａ．ｐｄｆ", pdf(), WRONG_ENDING),
        ("a.pdf::$DATA", pdf(), WRONG_ENDING),
        ("a.svg", b"<svg/>", WRONG_ENDING),
        ("a.exe.pdf", b"MZ" + bytes(600), WRONG_CONTENT),
        ("a.pdf", b"<?php echo 1;", WRONG_CONTENT),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", WRONG_CONTENT),
        ("a.png", picture("GIF"), WRONG_CONTENT),
        ("a.png", picture("BMP"), WRONG_CONTENT),
        ("a.png", picture("TIFF"), WRONG_CONTENT),
        ("a.png", picture("WEBP"), WRONG_CONTENT),
        ("a.pdf", b"PK\x03\x04" + bytes(100), WRONG_CONTENT),
        ("a.pdf", b"\x7fELF" + bytes(1000) + pdf(), WRONG_CONTENT),
        ("a.pdf", b"%PDF-1.4\n", BROKEN_PDF),
        ("a.pdf", demo_pdf("proof", "1")[:600], BROKEN_PDF),
        ("a.pdf", pdf(CATALOGUE, b"<</Type/Pages/Kids[]/Count 0>>"), BROKEN_PDF),
        ("a.pdf", pdf(CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 5>>", PAGE), BROKEN_PDF),
        ("a.pdf", pdf(CATALOGUE, b"<</Type/Pages/Kids[9 0 R]/Count 1>>"), BROKEN_PDF),
        ("a.pdf", pdf(CATALOGUE, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"), BROKEN_PDF),
        ("a.png", picture("PNG", size=(300, 300))[:200], BROKEN_PICTURE),
        ("a.png", b"\x89PNG\r\n\x1a\n", BROKEN_PICTURE),
        ("a.jpg", picture(size=(600, 600))[:-300], BROKEN_PICTURE),
        ("a.png", png_with_text(70_000_000), BROKEN_PICTURE),
        ("a.png", huge_png(6325), "“{}”有 6325 × 6325 像素，太大了。请缩小后上传。"),
        ("a.png", huge_png(65535), "“{}”有 65535 × 65535 像素，太大了。请缩小后上传。"),
        (
            "a.pdf",
            pdf(trailer=b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>/ID[<00><00>]" % (b"ab" * 32, b"cd" * 32)),
            "“{}”加了密码。请去掉密码后重新上传。",
        ),
        ("a.pdf", pdf(STARTS_SCRIPT % SCRIPT, PAGES, PAGE), ACTIVE),
        ("a.pdf", pdf(STARTS_SCRIPT % SCRIPT.replace(b"Java", b"J#61va"), PAGES, PAGE), ACTIVE),
        ("a.pdf", pdf(STARTS_SCRIPT % b"<</S /Launch/F(cmd.exe)>>", PAGES, PAGE), ACTIVE),
        ("a.pdf", pdf(CATALOGUE[:-2] + b"/Names<</JavaScript<</Names[(a)%s]>>>>>>" % SCRIPT, PAGES, PAGE), ACTIVE),
        ("a.pdf", annotated(b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/Launch/F(a.exe)>>>>"), ACTIVE),
        ("a.pdf", pdf_of_compressed_objects(STARTS_SCRIPT % SCRIPT), ACTIVE),
        (
            "a.pdf",
            pdf(
                CATALOGUE[:-2] + b"/Names<</EmbeddedFiles<</Names[(a.exe) 4 0 R]>>>>>>", PAGES, PAGE,
                b"<</Type/Filespec/F(a.exe)/EF<</F 5 0 R>>>>", b"<</Length 2>>stream\nMZ\nendstream",
            ),
            ACTIVE,
        ),
        (
            "a.pdf",
            annotated(
                b"<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]/FS 5 0 R>>",
                b"<</Type/Filespec/F(a.exe)/EF<</F 6 0 R>>>>", b"<</Length 2>>stream\nMZ\nendstream",
            ),
            ACTIVE,
        ),
    ],
    ids=[
        *("empty", "one byte", "a Word document", "no ending", "a second ending", "a full-width ending", "a stream name"),
        *("SVG", "a program", "PHP", "SVG called PNG", "GIF", "BMP", "TIFF", "WebP", "a zip", "a PDF within a program"),
        *("a PDF's first line", "half a PDF", "no pages", "fewer pages than promised", "a page that isn't there"),
        *("pages in a circle", "half a PNG", "a PNG's first line", "half a JPEG", "a text bomb", "too many points"),
        *("a flood of points", "a password", "a script at the start", "a script in disguise", "a program at the start"),
        *("a named script", "a program behind a link", "a script in compressed objects"),
        *("an attached file", "a file pinned to a page"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_says_why_and_what_to_do(name, data, told):
    with pytest.raises(BadFile) as refused:
        check(upload(name, data))
    assert str(refused.value) == told.format(name)


def test_compressed_objects_without_end_are_not_looked_through(monkeypatch):
    data = pdf_of_compressed_objects(CATALOGUE, b" " * 1000)
    assert check(upload("a.pdf", data)).pages == 1
    monkeypatch.setattr(uploads, "OBJECTS_LIMIT", 1000)
    with pytest.raises(BadFile) as refused:
        check(upload("a.pdf", data))
    assert str(refused.value) == ACTIVE.format("a.pdf")


@tries(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    some.sampled_from([demo_pdf("proof", "1"), picture(), picture("PNG"), png_with_text(20), picture(exif=place())]),
    some.lists(some.tuples(some.floats(0, 0.999), some.integers(0, 255)), max_size=12),
    some.floats(0.3, 1),
)
def test_whatever_is_broken_in_a_file_is_a_sentence_and_never_a_fault(data, changes, share):
    """A good file with some bytes changed and the end cut off."""
    data = bytearray(data)
    for where, byte in changes:
        data[int(where * len(data))] = byte
    with suppress(BadFile):
        check(upload("a.pdf", bytes(data[: int(len(data) * share)])))


# --- what is kept of a picture -----------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_loses_its_place_and_stands_upright(kind):
    checked = check(upload(f"a.{kind.lower()}", picture(kind, exif=place())))
    kept = opened(checked.data)
    assert (kept.size, dict(kept.getexif())) == ((30, 40), {})
    red, black = kept.convert("RGB").getpixel((15, 5)), kept.convert("RGB").getpixel((15, 35))
    assert (red[0] > 200, red[1] < 60, black[0] < 60) == (True, True, True)
    assert [word for word in (b"Exif", b"GPS", b"script", b"eXIf") if word in checked.data] == []


@pytest.mark.parametrize(
    "data",
    [
        picture(comment=b"<script>alert(1)</script>"),
        picture(xmp=b"<x:xmpmeta><script>31.38,120.98</script></x:xmpmeta>"),
        picture() + b"<html><script>alert(1)</script></html>",
        picture("PNG") + b"<html><script>alert(1)</script></html>",
        picture("PNG", pnginfo=(lambda i: (i.add_text("Comment", "<script>"), i)[1])(PngImagePlugin.PngInfo())),
    ],
    ids=["a comment", "metadata", "a page behind a JPEG", "a page behind a PNG", "a text in a PNG"],
)
def test_nothing_but_the_picture_is_kept(data):
    checked = check(upload("a.png", data))
    assert b"script" not in checked.data
    assert opened(checked.data).size == (40, 30)


def test_a_scan_of_sixteen_bits_keeps_its_shades():
    image = Image.new("I;16", (2, 1))
    image.putpixel((0, 0), 40_000)
    image.putpixel((1, 0), 1_000)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    kept = opened(check(upload("a.png", stream.getvalue())).data)
    assert [kept.getpixel((x, 0)) for x in (0, 1)] == [(156, 156, 156), (3, 3, 3)]


def test_transparency_is_kept_where_the_format_has_it():
    data = io.BytesIO()
    Image.new("RGBA", (2, 2), (0, 0, 255, 128)).save(data, "PNG")
    assert opened(check(upload("a.png", data.getvalue())).data).getpixel((0, 0)) == (0, 0, 255, 128)


# --- names -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("证明.pdf", "证明.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\a.pdf", "a.pdf"),
        ("a\x00.pdf", "a.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("a\u202egpj.pdf", "agpj.pdf"),
        ("a\u200b\ufeff.pdf", "a.pdf"),
        ("a.pdf. ", "a.pdf"),
        ("a.pdf...", "a.pdf"),
        (".htaccess", "htaccess"),
        ("-rf.pdf", "-rf.pdf"),
        ("e\u0301.pdf", "é.pdf"),
        ('"><img src=x>.pdf', '"><img src=x>.pdf'),
        ("名" * 300 + ".pdf", "名" * 116 + ".pdf"),
        ("x." + "p" * 300, "." + "p" * 119),
        ("", "file"),
        (" . ", "file"),
        ("/", "file"),
    ],
    ids=[
        *("plain", "a path", "a path of Windows", "zero", "line ends", "turned around", "nothing to see"),
        *(
            "a dot and a space",
            "dots",
            "hidden",
            "an option",
            "put together",
            "markup",
            "300 characters",
            "a long ending",
        ),
        *("empty", "dots only", "a slash"),
    ],
)
def test_a_name_is_only_a_label_fit_to_show(given, kept):
    assert clean_name(given) == kept


# --- keeping -----------------------------------------------------------------------------------


def test_a_file_is_kept_under_a_name_that_says_nothing(city, people):
    file = make.file(city.enterprise.organisation, people[Role.HANDLER], name="薪酬承诺.pdf")
    path = Path(file.content.path)
    assert path == Path(settings.FILES_ROOT) / file.pk.hex[:2] / file.pk.hex
    assert path.stat().st_mode & 0o777 == 0o640
    assert (file.name, file.size, file.pages, file.badge) == ("薪酬承诺.pdf", path.stat().st_size, 1, "PDF")
    assert file.uploaded_by == people[Role.HANDLER]


def test_the_same_content_twice_is_kept_once(city, people):
    def kept(name, owner=city.enterprise.organisation):
        return uploads.store(upload(name, data), organisation=owner, by=people[Role.HANDLER])

    data = demo_pdf("same", "1")
    first, other_name = kept("a.pdf"), kept("b.pdf")
    assert (kept("a.pdf"), kept("b.pdf"), first == other_name) == (first, other_name, False)
    elsewhere = kept("a.pdf", make.organisation(district=city.south))
    assert (File.objects.count(), elsewhere.sha256) == (3, first.sha256)
    assert elsewhere.content.name != first.content.name


def test_a_new_version_names_the_one_it_replaces(city, people):
    old = make.file(city.enterprise.organisation, people[Role.HANDLER])
    new = uploads.store(
        upload("b.pdf", pdf()), organisation=city.enterprise.organisation, by=people[Role.HANDLER], replaces=old
    )
    assert (new.replaces, list(old.replaced_by.all())) == (old, [new])


def test_a_refused_file_leaves_nothing(city, people):
    before = sorted(Path(settings.FILES_ROOT).rglob("*"))
    with pytest.raises(BadFile):
        make.file(city.enterprise.organisation, people[Role.HANDLER], content=b"nothing")
    assert (File.objects.count(), sorted(Path(settings.FILES_ROOT).rglob("*"))) == (0, before)


# --- pictures of pages -------------------------------------------------------------------------


def stored(city, people, **values):
    return make.file(city.enterprise.organisation, people[Role.HANDLER], **values)


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (pdf(), (1240, 1240)),
        (pdf(CATALOGUE, PAGES, PAGE.replace(b"0 0 100 100", b"0 0 1 3720")), (1, 3720)),
        (pdf(CATALOGUE, PAGES, PAGE.replace(b"0 0 100 100", b"0 0 14400 1")), (1240, 1)),
        (picture("PNG", size=(2480, 500)), (1240, 250)),
        (picture(size=(10, 9300)), (4, 3720)),
        (picture(size=(40, 30)), (40, 30)),
    ],
    ids=["a page", "a page like a thread", "a page like a line", "a wide picture", "a tall picture", "a small picture"],
)
def test_a_page_is_drawn_no_larger_than_a_screen_needs(content, size, city, people):
    file = stored(city, people, name="a.png", content=content)
    drawn = opened(uploads.page_png(file, 1))
    assert (drawn.format, drawn.size) == ("PNG", size)


def test_a_page_is_drawn_once_and_then_kept(city, people):
    file = stored(city, people, content=pdf())
    drawn = uploads.page_png(file, 1)
    kept = Path(settings.FILES_ROOT) / "pages" / f"{file.pk.hex}-1.png"
    assert kept.read_bytes() == drawn
    kept.write_bytes(b"kept")
    assert uploads.page_png(file, 1) == b"kept"
    assert sorted(kept.parent.glob(f"{file.pk.hex}*")) == [kept]


# --- getting at them ---------------------------------------------------------------------------


@pytest.fixture
def cited(city, people):
    """A file cited by a case that waits for its district."""
    case = make.brought_to("district", city, people)
    file = stored(city, people, content=pdf())
    Evidence.objects.create(matter=case.matter, slot="basic-1.more", file=file, added_by=people[Role.HANDLER])
    return file


def test_a_download_is_saved_and_never_opened(cited, people, client):
    File.objects.filter(pk=cited.pk).update(name='薪酬"承诺".pdf')
    client.force_login(people[Role.DISTRICT])
    response = client.get(cited.get_absolute_url())
    told = ("Content-Type", "Content-Disposition", "Content-Security-Policy", "Cache-Control", "X-Content-Type-Options")
    assert [response.status_code, *(response[name] for name in told)] == [
        200,
        "application/pdf",
        "attachment; filename*=utf-8''%E8%96%AA%E9%85%AC%22%E6%89%BF%E8%AF%BA%22.pdf",
        "default-src 'none'; sandbox",
        "no-store",
        "nosniff",
    ]
    assert response.getvalue() == Path(cited.content.path).read_bytes()


def test_nginx_sends_the_file_where_it_stands_in_front(cited, people, client, settings):
    settings.FILES_ACCEL = "/protected/"
    client.force_login(people[Role.DISTRICT])
    response = client.get(cited.get_absolute_url())
    assert (response["X-Accel-Redirect"], response.content) == (f"/protected/{cited.content.name}", b"")
    assert response["Content-Disposition"].startswith("attachment; ")


def test_a_file_is_seen_with_its_case_and_a_foreign_one_is_not_there(cited, people, client):
    found = {}
    for who, person in people.items():
        client.force_login(person)
        for url in (cited.get_absolute_url(), reverse("file_page", args=[cited.pk, 1])):
            response = client.get(url)
            response.getvalue()
            found.setdefault(who, set()).add(response.status_code)
    seen = {Role.HANDLER, Role.CERTIFIER, Role.DISTRICT, Role.AUDITOR}
    seen |= {Role.BUREAU_HANDLER, Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER}
    foreign = {"other_district", "other_unit"}
    assert found == {who: {200} if who in seen else {404} if who in foreign else {403} for who in people}


def test_a_file_of_a_draft_is_the_enterprises_own(city, people, client):
    case = make.filled(city, people[Role.HANDLER])
    file = Evidence.objects.filter(matter=case.matter).first().file
    client.force_login(people[Role.DISTRICT])
    assert client.get(file.get_absolute_url()).status_code == 404


def test_a_picture_is_of_a_page_that_there_is(cited, people, client):
    client.force_login(people[Role.DISTRICT])
    found = [client.get(reverse("file_page", args=[cited.pk, number])) for number in (0, 1, 2)]
    assert [response.status_code for response in found] == [404, 200, 404]
    assert (found[1]["Content-Type"], found[1]["Cache-Control"]) == ("image/png", "private, max-age=3600")


# --- on the way in -----------------------------------------------------------------------------


def sent(client, case, *files):
    url = reverse("stations:application_upload", args=[case.matter.number, "basic-1.proof"])
    response = client.post(url, {"file": list(files)}, follow=True)
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def draft(city, people, client):
    client.force_login(people[Role.HANDLER])
    return make.draft(city, people[Role.HANDLER])


def test_a_file_over_the_limit_is_cut_off_and_named(draft, client):
    big = upload("扫描\u202e件.pdf", pdf_of_size(LIMIT + 1))
    assert sent(client, draft, big, upload("b.pdf", pdf())) == [
        "“扫描件.pdf”超过 10 MB，没有上传。请压缩或分成几个文件再传。"
    ]
    assert list(File.objects.values_list("name", flat=True)) == ["b.pdf"]


def test_a_file_of_exactly_the_limit_comes_through(draft, client):
    sent(client, draft, upload("a.pdf", pdf_of_size(LIMIT)))
    assert list(File.objects.values_list("name", "size")) == [("a.pdf", LIMIT)]


def test_several_that_are_too_big_are_one_sentence(draft, client):
    files = [upload(f"{name}.pdf", bytes(LIMIT + 1)) for name in ("a", "b")]
    assert sent(client, draft, *files) == ["“a.pdf、b.pdf”超过 10 MB，没有上传。请压缩或分成几个文件再传。"]


def test_one_bad_file_does_not_keep_the_good_ones_out(draft, client):
    messages = sent(client, draft, upload("a.pdf", b"nothing"), upload("b.pdf", pdf()))
    assert messages == [WRONG_CONTENT.format("a.pdf")]
    assert list(Evidence.objects.values_list("file__name", flat=True)) == ["b.pdf"]
