"""What can be allowed about scores."""

from __future__ import annotations

from patron.crm.kit.policy import Permission, declare
from patron.words import Text

declare(
    Permission(
        "scoring.view", Text("see scores, models and how good they are", "查看评分、模型及其可靠程度"), writes=False
    ),
    Permission("scoring.refresh", Text("score everybody anew", "重新为所有客户评分")),
    Permission("scoring.settings", Text("change horizons, margin and stage thresholds", "修改期限、毛利率和阶段阈值")),
    Permission("scoring.stage", Text("set a customer's stage by hand", "手动设置客户阶段")),
)
