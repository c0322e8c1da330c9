"""Where the source code is: read from the variable or the clone, never with what a person signs in with."""

import pytest

from reading import about


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("https://github.com/owner/name", "https://github.com/owner/name"),
        ("https://github.com/owner/name.git", "https://github.com/owner/name"),
        ("https://user:secret@github.com/owner/name.git/", "https://github.com/owner/name"),
        ("git@github.com:owner/name.git", "https://github.com/owner/name"),
        ("ssh://git@gitlab.example.org/group/sub/name", "https://gitlab.example.org/group/sub/name"),
        ("/somewhere/on/this/disk", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_the_address_of_a_repository_is_its_web_page(told, address):
    assert about.web(told) == address


def test_the_remote_of_a_clone_is_read_from_its_settings(tmp_path):
    config = tmp_path / "config"
    config.write_text('[core]\n\tbare = false\n[remote "origin"]\n\turl = git@github.com:owner/name.git\n')
    assert about.origin(config) == "git@github.com:owner/name.git"
    assert about.origin(tmp_path / "nothing") is None
    config.write_text("[core]\n\tbare = false\n")
    assert about.origin(config) is None


def test_an_issue_is_filled_in_with_the_view(monkeypatch):
    monkeypatch.setenv(about.VARIABLE, "https://github.com/owner/name")
    about.repository.cache_clear()
    assert about.new_issue("Models: ", "View: x?a=1&b=2") == (
        "https://github.com/owner/name/issues/new?title=Models%3A+&body=View%3A+x%3Fa%3D1%26b%3D2"
    )
    about.repository.cache_clear()
