"""Every command: its name, the function behind it, and what it does in one line.

A function is written 'module:function' and loaded when its command is called, so that `patron --help` stays
quick. It gets the words after its name and the terminal, and returns an exit code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from patron.faces.cli.terminal import Terminal
from patron.words import Text


@dataclass(frozen=True)
class Command:
    """One command of the command line."""

    name: str
    target: str
    about: Text

    def load(self) -> Callable[[list[str], Terminal], int]:
        """The function behind the name."""
        module, _, function = self.target.partition(":")
        found: Callable[[list[str], Terminal], int] = getattr(import_module(module), function)
        return found


_HERE = "patron.faces.cli"
_SERVER = "patron.faces.project.commands"
_ALL = [
    Command(
        "analyze",
        f"{_HERE}.analyze:analyze",
        Text("From an order export to every customer's lifecycle", "由订单数据得出每位客户的生命周期"),
    ),
    Command("compare", f"{_HERE}.compare:compare", Text("What moved between two runs", "两次运行之间有何变化")),
    Command(
        "totals",
        f"{_HERE}.totals:totals",
        Text("Expected totals of a group of customers, with intervals", "一组客户的预期合计及区间"),
    ),
    Command("report", f"{_HERE}.report:report", Text("Write the report of a run anew", "重新生成一次运行的报告")),
    Command(
        "train",
        f"{_HERE}.train:train",
        Text("Learn an outcome from any table, judged before it is published", "从任意表格学习预测目标，评估后发布"),
    ),
    Command("score", f"{_HERE}.score:score", Text("Score a table with a trained model", "用训练好的模型为表格评分")),
    Command("explain", f"{_HERE}.explain:explain", Text("Why a model scores as it does", "说明模型评分的原因")),
    Command(
        "backtest",
        f"{_HERE}.backtest:backtest",
        Text("How good a trained model is on a table whose outcome is known", "用结果已知的表格检验模型"),
    ),
    Command(
        "demo",
        f"{_SERVER}.demo:demo",
        Text("Patron on real sample orders with made-up people", "在真实示例订单与虚构客户上试用 Patron"),
    ),
    Command("serve", f"{_SERVER}.serve:serve", Text("Start Patron in the browser", "启动 Patron 网页服务")),
    Command(
        "import", f"{_SERVER}.import_:import_", Text("A file into the records; also undone", "将文件导入记录，也可撤销")
    ),
    Command("refresh", f"{_SERVER}.refresh:refresh", Text("Score every customer anew", "为所有客户重新评分")),
    Command("worker", f"{_SERVER}.worker:worker", Text("Do the work that waits in the background", "处理后台任务")),
    Command(
        "user",
        f"{_SERVER}.user:user",
        Text("Let somebody in: owner, invitation, new password", "添加所有者、邀请用户、重设密码"),
    ),
    Command(
        "doctor",
        f"{_SERVER}.doctor:doctor",
        Text("Look the server over and say what to do", "检查服务器并给出处理建议"),
    ),
    Command("backup", f"{_SERVER}.backup:backup", Text("Everything into one archive", "备份全部数据")),
    Command("restore", f"{_SERVER}.backup:restore", Text("A backup back in place", "从备份恢复")),
    Command("version", f"{_HERE}.version:version", Text("Versions of Patron and its parts", "Patron 及其部件的版本")),
]
COMMANDS = {command.name: command for command in _ALL}
