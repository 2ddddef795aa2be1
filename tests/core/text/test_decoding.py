"""Bytes → text: which encoding a body is read in, and what one odd byte costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.core.text.decoding import decode, encoding_named, utf8

RUSSIAN = "Китай предложил план из двенадцати пунктов о прекращении огня на Украине. " * 3
CHINESE = "中国发布关于政治解决乌克兰危机的立场文件，呼吁停火止战、启动和谈。" * 3
JAPANESE = "中国は停戦と和平交渉を呼びかける十二項目の文書を発表した。①㈱髙" * 3
KOREAN = "중국은 휴전과 평화 협상을 촉구하는 열두 항목의 문서를 발표했다. 똠방" * 3
TURKISH = "Çin, ateşkes ve barış görüşmeleri için on iki maddelik bir belge yayımladı. ğışİ" * 3
GREEK = "Η Κίνα δημοσίευσε έγγραφο δώδεκα σημείων για την κατάπαυση του πυρός. " * 3
ARABIC = "نشرت الصين وثيقة من اثنتي عشرة نقطة تدعو إلى وقف إطلاق النار. " * 3
THAI = "จีนเผยแพร่เอกสารสิบสองข้อเรียกร้องให้หยุดยิง " * 3

# (name declared, codec its writer used, text)
LEGACY = [
    ("windows-1251", "cp1251", RUSSIAN), ("koi8-r", "koi8-r", RUSSIAN),
    ("gb2312", "gbk", CHINESE), ("gb2312", "gb18030", CHINESE + "㐀镕"), ("gbk", "gbk", CHINESE),
    ("big5", "big5hkscs", "中國發表關於政治解決烏克蘭危機的立場文件，呼籲停火止戰。" * 3),
    ("shift_jis", "cp932", JAPANESE), ("x-sjis", "cp932", JAPANESE),
    ("euc-jp", "euc_jis_2004", JAPANESE.replace("髙", "")), ("euc-kr", "cp949", KOREAN),
    ("ks_c_5601-1987", "cp949", KOREAN), ("iso-8859-9", "cp1254", TURKISH),
    ("windows-1253", "cp1253", GREEK), ("windows-1256", "cp1256", ARABIC),
    ("tis-620", "cp874", THAI), ("iso-8859-1", "cp1252", "“Paix” – l’été à Genève, œuvre… " * 3),
]  # fmt: skip


@pytest.mark.parametrize(("label", "codec", "text"), LEGACY)
def test_a_declared_encoding_is_read_as_browsers_read_its_name(
    label: str, codec: str, text: str
) -> None:
    body = text.encode(codec)
    assert decode(body, label) == text
    assert decode(f'<meta charset="{label}">'.encode() + body).endswith(text)
    assert decode(f'<?xml version="1.0" encoding="{label}"?>'.encode() + body).endswith(text)


@pytest.mark.parametrize(("label", "codec", "text"), LEGACY)
@pytest.mark.parametrize("odd", [b"\xff", b"\x80\xff"])
def test_one_odd_byte_costs_a_character_or_two(
    label: str, codec: str, text: str, odd: bytes
) -> None:
    body = f'<meta charset="{label}">'.encode() + text.encode(codec) + odd + text.encode(codec)
    read = decode(body)
    whole = read.partition(">")[2]
    assert whole.startswith(text)
    assert whole.endswith(text[4:])


@pytest.mark.parametrize("text", [RUSSIAN, CHINESE, KOREAN, "Мир", "новости — мир"])
@pytest.mark.parametrize("odd", [b"\xff", b"\xd0", b"\xe4\xb8"])
def test_one_odd_byte_in_utf_8_costs_one_character(text: str, odd: bytes) -> None:
    body = (text + " ").encode() + odd + b"<" + (text * 2).encode()
    for charset in (None, "utf-8", "iso-8859-1", "windows-1251"):
        assert decode(body, charset) == f"{text} \ufffd<{text * 2}"


def test_utf_8_goes_before_a_wrong_declaration() -> None:
    assert decode(b'<meta charset="gb2312">' + RUSSIAN.encode(), "iso-8859-1").endswith(RUSSIAN)


@pytest.mark.parametrize("name", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides(name: str) -> None:
    assert decode(CHINESE.encode(name), "windows-1251") == CHINESE


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_text_without_a_mark_is_known_by_its_first_sign(name: str) -> None:
    assert decode(f"<rss>{CHINESE}".encode(name)) == f"<rss>{CHINESE}"


def test_what_declares_itself_wide_in_ascii_is_not() -> None:
    body = '<?xml version="1.0" encoding="utf-16"?><rss>Мир, Мир</rss>'.encode()
    assert decode(body).endswith("<rss>Мир, Мир</rss>")


def test_seven_bit_japanese_is_read_by_its_declaration() -> None:
    text = "停戦と和平交渉"
    assert decode(text.encode("iso2022_jp"), "iso-2022-jp") == text


@pytest.mark.parametrize(
    "label",
    ["idna", "punycode", "hex", "unicode_escape", "utf-7", "zlib", "rot13", "", "\0", "x" * 99],
)
def test_what_is_no_encoding_of_text_is_none(label: str) -> None:
    assert encoding_named(label) is None
    assert decode("мир".encode(), label) == "мир"


def test_what_a_parser_gets_begins_with_its_markup() -> None:
    body = "\r\n <?xml version='1.0' encoding='windows-1251'?>\n<rss>Мир</rss>".encode("cp1251")
    assert utf8(body) == "<rss>Мир</rss>".encode()
    assert utf8(b"\xef\xbb\xbf<a/>") == b"<a/>"


@given(st.binary(max_size=300), st.one_of(st.none(), st.text(max_size=20)))
def test_no_bytes_break_the_decoder(body: bytes, charset: str | None) -> None:
    assert isinstance(decode(body, charset), str)


@given(st.text(max_size=200))
def test_utf_8_is_read_as_it_was_written(text: str) -> None:
    body = text.encode("utf-8", "replace")
    if b"\0" not in body[:4] and not text.startswith("\ufeff"):
        assert decode(body) == body.decode()
