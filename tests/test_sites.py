"""The site of a document: the host of its address, read as the library of Python reads addresses."""

from urllib.parse import urlsplit

import pytest

from corpuskit.annotate.sites import site_name

ADDRESSES = (
    "https://News.Example.org/a?id=1", "http://news.example.org", "https://news.example.org:8080/a",
    "https://me:pass@news.example.org/", "https://news.example.org?q=1", "https://news.example.org#top",
    "HTTPS://news.example.org/a", " https://news.example.org/a", "//news.example.org/a", "ftp://news.example.org/a",
    "https://เมือง.example.org/a", "https://[::1]/a", "https://news_2.example.org/", "https://news.example.org\\a",
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_host_is_the_one_that_the_library_reads(address):
    assert site_name(address, "", "folder/page.txt") == urlsplit(address).hostname


@pytest.mark.parametrize("address", ["https://[", "https://", "news.example.org", ""])
def test_what_has_no_host_belongs_to_its_folder(address):
    assert site_name(address, "", "folder/page.txt") == "/folder"


def test_the_last_address_of_the_text_counts_without_www():
    assert site_name(None, "https://a.example.org\nhttps://www.b.example.org/x", "page.txt") == "b.example.org"
