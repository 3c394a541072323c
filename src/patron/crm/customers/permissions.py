"""What can be allowed about customers and their facts."""

from __future__ import annotations

from patron.crm.kit.policy import Permission, declare
from patron.words import Text

declare(
    Permission("customers.view", Text("see customers and their history", "查看客户及其历史"), writes=False),
    Permission("customers.edit", Text("add and change customers", "添加和修改客户")),
    Permission("customers.record", Text("add orders, notes, calls and other facts", "添加订单、备注、通话等事实")),
    Permission("customers.assign", Text("change owners and teams of customers", "更改客户的负责人和团队")),
    Permission("customers.merge", Text("merge customers and undo it", "合并客户及撤销合并")),
    Permission("customers.export", Text("export lists of customers", "导出客户名单"), writes=False),
    Permission("customers.erase", Text("erase a person for good", "永久删除个人资料")),
    Permission("products.edit", Text("change products and exchange rates", "修改产品和汇率")),
)
