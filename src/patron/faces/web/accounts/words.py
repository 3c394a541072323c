"""Words for what the audit keeps as codes: areas, actions, subjects, details."""

from __future__ import annotations

from patron.crm.kit.models import AuditEntry
from patron.words import Text

AREAS = {
    "accounts.": Text("People and sign-in", "用户与登录"),
    "tokens.": Text("Access tokens", "访问令牌"),
    "organisation.": Text("Organisation", "组织"),
    "customers.": Text("Customers", "客户"),
    "products.": Text("Products", "产品"),
    "sources.": Text("Imports", "导入"),
    "scoring.": Text("Scoring", "评分"),
    "server.": Text("Server", "服务器"),
}
ACTIONS = {
    "accounts.sign_in": Text("signed in", "登录"),
    "accounts.sign_in_failed": Text("failed to sign in", "登录失败"),
    "accounts.create_owner": Text("made an owner", "创建所有者"),
    "accounts.invite": Text("invited somebody", "邀请用户"),
    "accounts.withdraw_invitation": Text("ended a link", "撤销链接"),
    "accounts.accept_invitation": Text("accepted an invitation", "接受邀请"),
    "accounts.request_reset": Text("made a link for a new password", "生成重设密码链接"),
    "accounts.use_reset": Text("set a new password by link", "通过链接重设密码"),
    "accounts.choose_password": Text("chose a password", "设置密码"),
    "accounts.change_password": Text("changed their password", "修改密码"),
    "accounts.add_second_factor": Text("set up a second factor", "启用两步验证"),
    "accounts.remove_second_factor": Text("took a second factor away", "停用两步验证"),
    "accounts.drop_second_factor": Text("forgot somebody's second factor", "为用户取消两步验证"),
    "accounts.renew_recovery_codes": Text("made new recovery codes", "更新恢复码"),
    "accounts.set_role": Text("changed a role", "更改用户角色"),
    "accounts.set_teams": Text("changed somebody's teams", "更改用户团队"),
    "accounts.deactivate": Text("ended somebody's access", "停用用户"),
    "accounts.reactivate": Text("let somebody in again", "恢复用户"),
    "accounts.save_profile": Text("changed their profile", "修改个人资料"),
    "accounts.save_team": Text("kept a team", "保存团队"),
    "accounts.remove_team": Text("removed a team", "删除团队"),
    "accounts.save_role": Text("kept a role", "保存角色"),
    "accounts.remove_role": Text("removed a role", "删除角色"),
    "tokens.make": Text("made an access token", "创建访问令牌"),
    "tokens.revoke": Text("ended an access token", "停用访问令牌"),
    "organisation.save": Text("changed the organisation's settings", "修改组织设置"),
}
SUBJECTS = {
    "user": Text("user", "用户"),
    "team": Text("team", "团队"),
    "role": Text("role", "角色"),
    "token": Text("token", "令牌"),
    "invitation": Text("link", "链接"),
    "organisation": Text("organisation", "组织"),
    "customer": Text("customer", "客户"),
    "product": Text("product", "产品"),
    "import": Text("import", "导入"),
    "refresh": Text("refresh", "评分"),
    "merge": Text("merge", "合并"),
}
_LENGTH = 160


def action_words(code: str) -> Text:
    """An action in words; one that has none yet by its code."""
    return ACTIONS.get(code) or Text.of(code)


def subject_words(code: str) -> Text:
    """What an entry is about, in words."""
    return SUBJECTS.get(code) or Text.of(code)


def detail_lines(entry: AuditEntry) -> list[str]:
    """The details of an entry, a short line each: 'role: member → analyst'."""
    return [f"{name}: {_value(value)}"[:_LENGTH] for name, value in entry.details.items()]


def _value(value: object) -> str:
    if isinstance(value, list) and len(value) == 2:
        return " → ".join(_value(part) for part in value)
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "–"
    return "–" if value in (None, "") else str(value)
