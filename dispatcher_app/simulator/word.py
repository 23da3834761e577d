"""What people of the practice city write: reviews, replies, messages."""

from __future__ import annotations

from dataclasses import dataclass

from dispatcher_app.domain.order import Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A review as a customer gives it, and what we answer to it."""

    stars: int
    skill: int
    attitude: int
    efficiency: int
    solved: bool = True
    text: str = ""
    suggestion: str = ""
    reply: str = ""


REVIEWS: tuple[Judged, ...] = (
    Judged(stars=5, skill=5, attitude=5, efficiency=5, text="师傅很准时,套了鞋套,修好还把地拖干净,价格和说好的一样。"),
    Judged(stars=5, skill=5, attitude=5, efficiency=4, text="讲解得很细,旧配件也给我看了,放心。"),
    Judged(stars=4, skill=5, attitude=4, efficiency=3, text="技术没得说,就是比约的时间晚了二十分钟。",
           suggestion="晚到的话最好提前发个短信。", reply="抱歉让您久等了,我们已提醒师傅晚到前先联系您。"),
    Judged(stars=5, skill=4, attitude=5, efficiency=5, text="老人一个人在家,师傅很有耐心,走之前还教了怎么用。"),
    Judged(stars=3, skill=3, attitude=4, efficiency=3, text="修是修好了,不过用了两天声音还是有点大。",
           suggestion="希望能回访一下。", reply="谢谢反馈,保修期内我们会安排同一位师傅免费上门检查。"),
    Judged(stars=5, skill=5, attitude=5, efficiency=5, text="当天报修当天修好,给力!"),
    Judged(stars=4, skill=4, attitude=5, efficiency=4, text="收费透明,先报价再动手。"),
    Judged(stars=3, skill=3, attitude=3, efficiency=2, solved=False, text="第一次没修彻底,又来了一趟才好。",
           suggestion="配件最好一次带齐。"),
    Judged(stars=5, skill=5, attitude=5, efficiency=5, text="第二次找你们了,还是一样专业。"),
    Judged(stars=4, skill=4, attitude=4, efficiency=5),
)  # fmt: skip

ASKING: tuple[tuple[tuple[Party, str], ...], ...] = (
    (("customer", "请问师傅大概几点能到?我下午要出门。"), ("staff", "您好,师傅预计两点前后到,出发时会再通知您。"),
     ("customer", "好的,那我在家等。"), ("customer", "对了,门铃坏了,到了请打电话。")),
    (("customer", "麻烦问一下,报价里的配件是原厂的吗?"),),
    (("technician", "客户家这边停车要登记,可能晚五分钟。"), ("staff", "收到,我跟客户说一声。"),
     ("technician", "已经到楼下了。")),
    (("customer", "昨天说今天给我回电话,一直没接到。"), ("customer", "麻烦尽快安排一下,冰箱里东西都要坏了。")),
    (("staff", "您好,为了带对配件,请发一下铭牌照片。"), ("customer", "好的,晚上到家拍给你们。")),
    (("customer", "能不能换到周末上午?平时家里没人。"),),
    (("customer", "请问修好以后有保修吗?"), ("staff", "您好,人工保修 30 天,新换的配件一般保修半年。")),
)  # fmt: skip
"""Conversations about orders; where a customer or a technician has the last word, staff have not read it."""
