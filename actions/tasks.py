"""Every task by its intent. A new one is a class, a line here, its rule and its words in data/."""

from actions.addresses import ChangeShippingAddress
from actions.orders import CancelOrder, ChangeOrder, GetInvoice, TrackOrder
from actions.problems import ReportDamagedItem, ReportMissingPackage, ReportWrongItem
from actions.refunds import GetRefund, TrackRefund
from actions.returns import ExchangeItem, ReturnItem
from actions.task import Task

_CLASSES: tuple[type[Task], ...] = (
    TrackOrder,
    CancelOrder,
    ChangeOrder,
    ChangeShippingAddress,
    ReportMissingPackage,
    ReportDamagedItem,
    ReportWrongItem,
    GetInvoice,
    ReturnItem,
    ExchangeItem,
    GetRefund,
    TrackRefund,
)

TASKS: dict[str, Task] = {one.task: one() for one in _CLASSES}
