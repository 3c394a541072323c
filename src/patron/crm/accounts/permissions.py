"""What can be allowed about people and the organisation."""

from __future__ import annotations

from patron.crm.kit.policy import Permission, declare
from patron.words import Text

declare(
    Permission("accounts.view", Text("see people, teams and roles", "查看用户、团队和角色"), writes=False),
    Permission("accounts.manage", Text("invite people and change their roles", "邀请用户并更改角色")),
    Permission("organisation.edit", Text("change the organisation's settings", "修改组织设置")),
    Permission("audit.view", Text("read who did what", "查看操作记录"), writes=False),
    Permission("tokens.manage", Text("make access tokens for programs", "创建程序访问令牌")),
)
