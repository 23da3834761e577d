"""The words foreign tables use: for blanks, halves of the day, columns, states and urgency."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


def _list(words: str) -> tuple[str, ...]:
    return tuple(words.split(" | "))


def _table(words: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({name: _list(each) for name, each in words.items()})


def _meanings(words: Mapping[str, str]) -> Mapping[str, str]:
    """Word → what it means."""
    return MappingProxyType({word: meaning for meaning, each in words.items() for word in _list(each)})


BLANKS: Final = frozenset(
    _list(
        "n/a | #n/a | na | null | none | nan | nil | - | -- | — | / | \\ | unspecified | unknown"
        " | #ref! | #value! | #div/0! | #name? | 无 | 暂无 | 未知 | 未填 | 未填写 | 空 | 不详"
    )
)

MORNING: Final = frozenset({"am", "上午", "凌晨", "早上", "早晨"})
AFTERNOON: Final = frozenset({"pm", "下午", "晚上", "傍晚", "中午"})

# Field → column names, best first; compared without case, spaces and punctuation.
COLUMN_NAMES: Final[Mapping[str, tuple[str, ...]]] = _table(
    {
        "external_id": (
            "unique key | order id | order no | order number | external id | request id | work order"
            " | ticket id | case id | 工单号 | 工单编号 | 订单号 | 订单编号 | 单号 | 报修单号 | 编号"
            " | 流水号 | 唯一编号 | uuid | id | no | number"
        ),
        "created_at": (
            "created at | created date | create time | created | creation date | order time"
            " | opened at | open date | reported at | submitted at | 创建时间 | 下单时间 | 报修时间"
            " | 报单时间 | 登记时间 | 受理时间 | 提交时间 | 来电时间 | 下单日期 | 报修日期 | 登记日期"
            " | 创建日期 | 录入时间"
        ),
        "closed_at": (
            "closed at | closed date | close date | completed at | completion date | finished at"
            " | resolved at | 关闭时间 | 完成时间 | 完工时间 | 结单时间 | 办结时间 | 完成日期"
            " | 完工日期 | 结束时间"
        ),
        "status": "status | order status | state | 工单状态 | 订单状态 | 状态 | 处理状态 | 进度",
        "customer_name": (
            "customer name | customer | client name | client | contact name | contact | caller | name"
            " | 客户姓名 | 客户名称 | 客户 | 用户姓名 | 姓名 | 联系人 | 联系人姓名 | 报修人"
            " | 业主姓名 | 业主 | 用户 | 称呼"
        ),
        "phone": (
            "phone | phone number | mobile | mobile phone | telephone | tel | cell | contact phone"
            " | 联系电话 | 手机号 | 手机号码 | 电话 | 电话号码 | 手机 | 客户电话 | 联系方式"
            " | 来电号码 | 报修电话"
        ),
        "category": (
            "category | service category | complaint type | request type | service type"
            " | problem type | 品类 | 类别 | 服务类别 | 服务类型 | 维修类别 | 维修类型 | 报修类型"
            " | 报修类别 | 产品类别 | 分类 | 大类"
        ),
        "item": (
            "item | appliance | product | device | equipment | asset | 维修项目 | 报修项目 | 服务项目"
            " | 项目 | 产品 | 产品名称 | 设备 | 设备名称 | 家电 | 物品 | 小类 | 机型"
        ),
        "fault": (
            "fault | descriptor | problem | issue | symptom | defect | 故障 | 故障现象 | 故障类型"
            " | 故障原因 | 问题 | 问题类型 | 故障描述"
        ),
        "description": (
            "description | details | problem details | notes | note | remarks | remark | comment"
            " | 描述 | 问题描述 | 详细描述 | 报修内容 | 内容 | 详情 | 备注 | 说明 | 客户描述"
        ),
        "address": (
            "address | incident address | service address | street address | full address"
            " | address line 1 | site address | 地址 | 详细地址 | 上门地址 | 服务地址 | 客户地址"
            " | 维修地址 | 报修地址 | 住址 | 联系地址"
        ),
        "compound": (
            "compound | estate | community | residential area | 小区 | 小区名称 | 社区 | 楼盘 | 园区"
            " | 项目名称"
        ),
        "building": "building | building no | block | tower | 楼栋 | 楼号 | 栋 | 幢 | 栋号 | 楼宇",
        "unit": (
            "unit | room | apartment | apt | flat | suite | room no | 房号 | 门牌号 | 室 | 房间号"
            " | 单元室 | 单元 | 门牌"
        ),
        "district": "district | borough | county | area | 区 | 区县 | 行政区 | 所属区 | 区域 | 辖区",
        "city": "city | town | municipality | 城市 | 市 | 所在城市 | 地市",
        "lon": "lon | lng | longitude | 经度",
        "lat": "lat | latitude | 纬度",
        "point": (
            "point | location | coordinates | lat lon | latlng | geo point | geometry | gps"
            " | geolocation | 坐标 | 经纬度 | 位置 | 定位"
        ),
        "window_start": (
            "window start | appointment start | appointment | appointment time | scheduled start"
            " | scheduled at | preferred time | visit time | 预约时间 | 预约开始时间 | 上门时间"
            " | 预约上门时间 | 开始时间 | 期望时间 | 预约日期 | 预约时段"
        ),
        "window_end": (
            "window end | appointment end | scheduled end | 预约结束时间 | 预约截止时间 | 上门截止时间"
        ),
        "urgency": "urgency | priority | severity | 紧急程度 | 优先级 | 加急 | 是否加急 | 紧急",
        "channel": (
            "channel | open data channel type | channel type | source | origin | 渠道 | 来源"
            " | 报修渠道 | 下单渠道 | 报修来源 | 订单来源 | 受理方式"
        ),
        "technician": (
            "technician | engineer | repairman | assigned to | assignee | 师傅 | 维修师傅 | 维修工"
            " | 维修人员 | 工程师 | 派单师傅 | 接单人 | 处理人 | 服务人员"
        ),
        "agency": (
            "agency | department | brand company | organisation | organization | 受理部门 | 部门"
            " | 机构 | 所属公司 | 公司 | 网点"
        ),
    }
)

# Names too general to be recognised inside a longer one.
ONLY_WHOLE: Final = frozenset(
    _list(
        "name | no | id | number | area | state | source | origin | block | room | note | notes | details"
        " | contact | customer | client | caller | product | issue | city | town | point | item | flat"
        " | 客户 | 用户 | 业主 | 产品 | 项目 | 设备 | 内容 | 问题 | 公司 | 部门 | 小类 | 大类 | 分类"
    )
)

# A column with one of these words is not the field, however alike its name.
NOT_IN_NAME: Final[Mapping[str, tuple[str, ...]]] = _table(
    {
        "description": "resolution | solution | 处理 | 结果 | 解决",
        "created_at": "by | due | updated | 人",
        "closed_at": "by | due | updated | 人 | 预约",
        "customer_name": "agency | facility | product | street | 号 | 地址 | 手机 | 电话 | 类型 | 编号",
        "address": "email | ip | mail | type | 类型",
        "compound": "board | council | district",
        "city": "code | council | 编码",
        "district": "code | council | park | police | school | taxi | 编码",
        "point": "pick | type | 类型",
        "phone": "brand | model | type | 品牌 | 型号 | 归属",
        "category": "address | channel | facility | location | vehicle",
        "channel": "code",
        "status": "date | payment | time | 付款 | 支付 | 时间",
        "agency": "name",
        "unit": "cost | price | 价 | 单价",
        "item": "count | price | 价 | 数量",
        "external_id": "customer | house | phone | street | 客户 | 房 | 手机 | 楼 | 电话",
    }
)

STATUSES: Final[Mapping[str, str]] = _meanings(
    {
        "pending": (
            "pending | open | new | unassigned | 待派单 | 未派单 | 待受理 | 待处理 | 未处理 | 新建"
            " | 已受理 | 已预约 | 待分配"
        ),
        "offered": "offered | 待接单",
        "accepted": "accepted | assigned | scheduled | 已接单 | 已派单 | 已分配 | 待上门",
        "en_route": "en_route | en route | on the way | 已出发",
        "in_progress": ("in_progress | in progress | started | working | 维修中 | 处理中 | 进行中 | 施工中"),
        "on_hold": "on_hold | on hold | hold | waiting | waiting for parts | 挂起 | 暂停 | 待配件 | 待件",
        "finished": "finished | 待验收 | 待支付",
        "completed": (
            "completed | complete | closed | done | resolved | 已完成 | 完成 | 已关闭 | 已结单"
            " | 已完工 | 已办结 | 完工 | 关闭"
        ),
        "cancelled": "cancelled | canceled | withdrawn | 已取消 | 取消 | 作废 | 已作废 | 已撤销",
    }
)

URGENCIES: Final[Mapping[str, str]] = _meanings(
    {
        "normal": (
            "normal | low | medium | routine | no | false | 0 | 普通 | 一般 | 正常 | 不急 | 否 | 低 | 中"
        ),
        "same_day": (
            "same_day | same day | high | today | 当天 | 当日 | 加急 | 较急 | 是 | yes | true | 1 | 高"
        ),
        "emergency": "emergency | urgent | critical | immediate | 紧急 | 特急 | 非常紧急 | 马上 | 立即",
    }
)
