"""From prepared rows to records: one writer for each kind, all of them behind one small protocol."""

from patron.crm.sources.writers.base import Chunk, Plan, Run, Writer
from patron.crm.sources.writers.registry import writer_of

__all__ = ["Chunk", "Plan", "Run", "Writer", "writer_of"]
