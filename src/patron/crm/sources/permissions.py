"""What can be allowed about imports."""

from __future__ import annotations

from patron.crm.kit.policy import Permission, declare
from patron.words import Text

declare(
    Permission("sources.view", Text("see imports and their rejected rows", "查看导入及被拒绝的行"), writes=False),
    Permission("sources.import", Text("import files and undo imports", "导入文件及撤销导入")),
)
