"""The settings of payments: what is wrong is named, and no key is ever said."""

from pathlib import Path

import pytest

from dispatcher_app.integrations.payments.setting import BadPayments, opened
from tests.payments import alipay, wechat

PUBLIC = "https://repair.example.com"


def settings(folder: Path) -> Path:
    """Both providers."""
    file = folder / "payments.toml"
    file.write_text(
        wechat.settings(folder, "https://api.mch.weixin.qq.com") + alipay.settings(folder, "https://a.b")
    )
    return file


def refusal(file: Path, public: str = PUBLIC) -> str:
    """What is said about settings that can't be used."""
    with pytest.raises(BadPayments) as bad:
        opened(file, public)
    return str(bad.value)


def test_both_providers_are_opened(tmp_path: Path) -> None:
    assert sorted(opened(settings(tmp_path), PUBLIC)) == ["alipay", "wechat"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('api_v3_key = "apiv3.key"', 'api_v3_key = "nowhere"', "nowhere"),
        ('private_key = "apiclient_key.pem"', 'private_key = "pub_key.pem"', "private_key"),
        ('public_key = "pub_key.pem"', 'public_key = "apiv3.key"', "public_key"),
        ('public_key_id = "PUB_KEY_ID_', 'public_key_id = "KEY_', "PUB_KEY_ID_"),
        ("merchant =", "merchand =", "merchand"),
        ("[alipay]", "[allpay]", "allpay"),
        ('url = "https://api', 'url = "http://api', "https://"),
        ('app = "2021', "app = 2021 #", "app"),
        ("[wechatpay]", "[wechatpay", "payments.toml"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    file = settings(tmp_path)
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    words = refusal(file)
    assert said in words
    assert wechat.SECRET not in words


def test_a_short_key_and_a_missing_address_are_refused(tmp_path: Path) -> None:
    file = settings(tmp_path)
    (tmp_path / "apiv3.key").write_text("short")
    assert "32" in refusal(file)
    (tmp_path / "apiv3.key").write_text(wechat.SECRET)
    assert "public address" in refusal(file, "")
    assert "nowhere.toml" in refusal(tmp_path / "nowhere.toml")
