"""`patron backup FILE` and `patron restore FILE`: everything in one archive, and back, while Patron runs."""

from __future__ import annotations

from pathlib import Path

from patron.errors import InputError
from patron.faces.cli.arguments import Parser
from patron.faces.cli.terminal import Terminal
from patron.faces.project.commands.start import server
from patron.words import Text

_FILE = Text("the archive", "备份文件")
_BACKUP = Text(
    "Writes database and files into one archive, as of one moment, while Patron runs.",
    "将数据库与文件写入一个归档（同一时刻的快照），Patron 可继续运行。",
)
_RESTORE = Text(
    "Puts a backup in place: all of it or nothing. The secret key is not part of a backup; keep it elsewhere.",
    "从备份恢复：全部成功或不做更改。密钥文件不在备份中，请另行保管。",
)


def backup(words: list[str], terminal: Terminal) -> int:
    """Writes FILE and says what is in it."""
    parser = Parser("backup", _BACKUP, terminal)
    parser.argument("file", metavar="FILE", about=_FILE)
    args = parser.parse_args(words)
    path = Path(args.file)
    if not path.parent.is_dir():
        raise InputError(Text("the folder does not exist.", "目录不存在。"), file=str(path.parent))
    server(terminal)
    from patron.faces.project import backups

    made = backups.backup(path)
    rows = sum(number for number, _ in made.tables.values())
    size = path.stat().st_size / 2**20
    english = (
        f"{path}: {rows:,} rows of {len(made.tables)} tables, {len(made.files)} files, {size:,.1f} MiB, read back."
    )
    chinese = f"{path}：{len(made.tables)} 个表共 {rows:,} 行，{len(made.files)} 个文件，{size:,.1f} MiB，已校验。"
    terminal.answer(Text(english, chinese))
    return 0


def restore(words: list[str], terminal: Terminal) -> int:
    """Restores FILE and says what is there now."""
    parser = Parser("restore", _RESTORE, terminal)
    parser.argument("file", metavar="FILE", about=_FILE)
    parser.argument("--replace", action="store_true", about=Text("even if there is something", "覆盖现有数据"))
    args = parser.parse_args(words)
    path = Path(args.file)
    if not path.is_file():
        raise InputError(Text("the file does not exist.", "文件不存在。"), file=str(path))
    server(terminal)
    from patron.faces.project import backups

    made = backups.restore(path, replace=args.replace)
    rows = sum(number for number, _ in made.tables.values())
    terminal.answer(
        Text(
            f"Restored what was there at {made.made_at}: {rows:,} rows, every table checked. Restart Patron.",
            f"已恢复至 {made.made_at} 的状态：共 {rows:,} 行，各表均已校验。请重启 Patron。",
        )
    )
    return 0
