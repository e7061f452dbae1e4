"""Settings are checked before anything is sent, and the key shows nowhere."""

from __future__ import annotations

import copy
import os
import pickle
import traceback
from pathlib import Path
from typing import Any

import platformdirs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scandoc_analytics.config import CACHE_DIR_ENV, KEY_ENV, URL_ENV, Config, Secret
from scandoc_analytics.errors import ConfigError

KEY = Secret("sk_live_0123456789")


def resolve(**settings: Any) -> Config:
    return Config.resolve(**{"api_key": KEY, **settings})


def test_defaults(tmp_path: Path) -> None:
    config = resolve()
    assert config.base_url == "https://api.scan-documents.com"
    assert config.cache == tmp_path / "cache"
    assert (config.workers, config.timeout, config.retries) == (8, 60.0, 5)
    assert config.requests_per_second is None
    assert config.list_ttl == 60.0
    assert not config.offline


def test_environment_gives_what_was_not_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_ENV, " sk_env\n")
    monkeypatch.setenv(URL_ENV, "http://127.0.0.1:8000/")
    config = Config.resolve()
    assert config.api_key == Secret("sk_env")
    assert config.base_url == "http://127.0.0.1:8000"
    assert Config.resolve(api_key=KEY).api_key == KEY
    assert resolve(base_url="https://a.example").base_url == "https://a.example"


def test_the_users_cache_folder_is_used_without_the_variable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(CACHE_DIR_ENV)
    cache = resolve().cache
    assert isinstance(cache, Path)
    assert cache.is_absolute()
    assert cache.name == "scandoc_analytics"


@pytest.mark.parametrize(
    ("given_url", "used"),
    [
        ("https://api.scan-documents.com", "https://api.scan-documents.com"),
        ("https://api.scan-documents.com/", "https://api.scan-documents.com"),
        ("https://api.scan-documents.com/v1", "https://api.scan-documents.com"),
        ("https://api.scan-documents.com/v1/", "https://api.scan-documents.com"),
        ("HTTPS://API.Scan-Documents.com:443", "https://api.scan-documents.com"),
        ("https://gateway.example/scan/v1", "https://gateway.example/scan"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://127.0.0.2:8000", "http://127.0.0.2:8000"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
        (" https://a.example \n", "https://a.example"),
    ],
)
def test_base_url_forms(given_url: str, used: str) -> None:
    assert resolve(base_url=given_url).base_url == used


@pytest.mark.parametrize(
    ("base_url", "says"),
    [
        ("http://api.scan-documents.com", "unencrypted"),
        ("http://10.0.0.1:8000", "unencrypted"),
        ("http://localhost.evil.example", "unencrypted"),
        ("ftp://a.example", "not an http"),
        ("api.scan-documents.com", "not an http"),
        ("https://", "not an http"),
        ("https://a.example:port", "not an address"),
        ("https://[::1", "not an address"),
        ("https://user:pa55word@a.example", "leave it out"),
        ("https://a.example?key=1", "query or a fragment"),
        ("https://a.example#x", "query or a fragment"),
    ],
)
def test_bad_base_urls_say_why(base_url: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        resolve(base_url=base_url)
    assert "pa55word" not in str(caught.value)


@pytest.mark.parametrize("key", ["", "   ", "\n"])
def test_no_key_names_the_variable_and_the_sandbox(key: str) -> None:
    with pytest.raises(ConfigError, match=r"SCAN_DOCUMENTS_API_KEY.*Sandbox"):
        Config.resolve(api_key=Secret(key))


@pytest.mark.parametrize(
    "key",
    [Secret("two words"), Secret("line\nbreak"), Secret("schlüssel"), Secret("tab\tin it")],
    ids=["space", "line break", "no ASCII", "tab"],
)
def test_a_broken_key_is_refused_without_being_shown(key: Secret) -> None:
    with pytest.raises(ConfigError, match="copy it again") as caught:
        Config.resolve(api_key=key)
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert key.reveal() not in "".join(shown.format())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("workers", 0),
        ("workers", 1.5),
        ("workers", True),
        ("timeout", 0),
        ("timeout", float("nan")),
        ("timeout", float("inf")),
        ("timeout", "60"),
        ("retries", -1),
        ("requests_per_second", 0),
        ("list_ttl", -1),
    ],
)
def test_bad_numbers_name_the_setting(name: str, value: object) -> None:
    with pytest.raises(ConfigError, match=f"^{name}="):
        resolve(**{name: value})


@pytest.mark.parametrize(
    ("given_cache", "used"),
    [
        (False, None),
        ("folder", Path.cwd() / "folder"),
        (Path("folder"), Path.cwd() / "folder"),
        (Path("~/here"), Path("~/here").expanduser()),
        ("redis://localhost:6379/0", "redis://localhost:6379/0"),
    ],
)
def test_cache_forms(given_cache: Any, used: object) -> None:
    assert resolve(cache=given_cache).cache == used


def test_the_variable_may_name_a_server_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_DIR_ENV, "redis://localhost:6379/0")
    assert resolve().cache == "redis://localhost:6379/0"


@pytest.mark.skipif(os.name != "posix", reason="the home folder comes from elsewhere here")
@pytest.mark.parametrize("version", ["new", "old"])
def test_a_user_without_a_home(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    import pwd  # noqa: PLC0415 - not on every system

    def nobody(_: int) -> None:
        raise KeyError

    for name in (CACHE_DIR_ENV, "HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    if version == "old":
        monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_, **__: "~/.cache/x")
    assert resolve().cache is None


@pytest.mark.parametrize("cache", [None, 3, "", "a\0b", b"folder", "~no-such-user/folder"])
def test_a_cache_of_no_known_form(cache: Any) -> None:
    with pytest.raises(ConfigError, match="none of True"):
        resolve(cache=cache)


def test_account_is_of_base_url_and_key() -> None:
    account = resolve().account
    assert account == resolve(base_url="https://api.scan-documents.com/v1/").account
    assert account != resolve(base_url="https://a.example").account
    assert account != Config.resolve(api_key=Secret("other")).account
    assert len(account) == 16
    assert int(account, 16) > 0


def test_the_key_is_in_no_repr_and_no_pickle() -> None:
    config = resolve()
    text = KEY.reveal()
    for shown in (repr(config), str(config), repr(KEY), f"{KEY}", f"{KEY!s:>40}"):
        assert text not in shown
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(config)
    with pytest.raises(TypeError, match="cannot be pickled"):
        copy.copy(KEY)


@given(st.text())
def test_secrets_compare_by_their_text(text: str) -> None:
    assert Secret(text) == Secret(text)
    assert hash(Secret(text)) == hash(Secret(text))
    assert Secret(text) != text
    assert bool(Secret(text)) == bool(text)
