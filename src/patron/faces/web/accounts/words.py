"""Words for what the audit keeps as codes: areas, actions, subjects. Details have theirs in `details`."""

from __future__ import annotations

from patron.words import Text

AREAS = {
    "accounts.": Text("People and sign-in", "用户与登录"),
    "tokens.": Text("Access tokens", "访问令牌"),
    "organisation.": Text("Organisation", "组织"),
    "customers.": Text("Customers", "客户"),
    "products.": Text("Products", "商品"),
    "rates.": Text("Exchange rates", "汇率"),
    "sources.": Text("Imports", "导入"),
    "scoring.": Text("Scoring", "评分"),
    "sample.": Text("Sample data", "示例数据"),
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
    "organisation.mark_sample": Text("marked the sample data", "标记为示例数据"),
    "sample.ready": Text("finished the sample data", "示例数据已就绪"),
    "customers.added": Text("added a customer", "新增客户"),
    "customers.edited": Text("edited a customer", "编辑客户"),
    "customers.assigned": Text("gave customers to somebody", "分配客户"),
    "customers.noted": Text("wrote a note", "写入备注"),
    "customers.contacted": Text("logged a contact", "登记联系"),
    "customers.consented": Text("recorded consent", "登记授权"),
    "customers.tagged": Text("tagged customers", "添加标签"),
    "customers.untagged": Text("removed a tag", "移除标签"),
    "customers.related": Text("related two customers", "建立客户关系"),
    "customers.unrelated": Text("ended a relation", "解除客户关系"),
    "customers.merged": Text("merged two customers", "合并客户"),
    "customers.unmerged": Text("took a merge apart", "撤销合并"),
    "customers.erased": Text("erased a person", "永久删除个人资料"),
    "customers.order_recorded": Text("recorded an order", "登记订单"),
    "customers.order_status": Text("changed an order's state", "更改订单状态"),
    "customers.event_recorded": Text("recorded an event", "登记行为"),
    "customers.feedback_recorded": Text("recorded feedback", "登记反馈"),
    "customers.subscription_recorded": Text("recorded a subscription", "登记订阅"),
    "customers.subscription_ended": Text("ended a subscription", "结束订阅"),
    "customers.fact_removed": Text("removed an entry", "删除一条动态"),
    "products.added": Text("added a product", "新增商品"),
    "products.edited": Text("edited a product", "编辑商品"),
    "rates.saved": Text("saved an exchange rate", "保存汇率"),
    "rates.applied": Text("told orders their exchange rate anew", "按汇率重新折算订单"),
    "sources.uploaded": Text("uploaded a file", "上传文件"),
    "sources.mapped": Text("set the columns of a file", "设置文件各列"),
    "sources.counted": Text("counted what a file would do", "预览导入计数"),
    "sources.started": Text("started an import", "开始导入"),
    "sources.paused": Text("paused an import", "暂停导入"),
    "sources.cancelled": Text("cancelled an import", "取消导入"),
    "sources.resumed": Text("went on with an import", "继续导入"),
    "sources.imported": Text("imported a file", "导入文件"),
    "sources.rows_taken": Text("took the rejected rows", "下载被拒绝的行"),
    "sources.undo_asked": Text("asked to undo an import", "要求撤销导入"),
    "sources.undone": Text("undid an import", "撤销导入"),
    "scoring.refresh_asked": Text("asked for new scores", "要求重新评分"),
    "scoring.refresh_cancelled": Text("cancelled a scoring", "取消评分"),
    "scoring.settings_saved": Text("changed models and stages", "修改模型与阶段"),
    "scoring.stage_set": Text("set a stage by hand", "手动设置阶段"),
    "server.backup": Text("made a backup", "备份"),
    "server.restore": Text("restored a backup", "恢复备份"),
}
SUBJECTS = {
    "user": Text("user", "用户"),
    "team": Text("team", "团队"),
    "role": Text("role", "角色"),
    "token": Text("token", "令牌"),
    "invitation": Text("link", "链接"),
    "organisation": Text("organisation", "组织"),
    "customer": Text("customer", "客户"),
    "product": Text("product", "商品"),
    "import": Text("import", "导入"),
    "refresh": Text("refresh", "评分"),
    "rate": Text("exchange rate", "汇率"),
    "rerating": Text("exchange rate", "汇率"),
    "scoring settings": Text("models and stages", "模型与阶段"),
}


def action_words(code: str) -> Text:
    """An action in words; one that has none yet by its code."""
    return ACTIONS.get(code) or Text.of(code)


def subject_words(code: str) -> Text:
    """What an entry is about, in words."""
    return SUBJECTS.get(code) or Text.of(code)
