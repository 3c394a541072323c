"""Records of sources."""

from patron.crm.sources.models.imports import Import, ImportChunk, RejectedCell, SavedMapping

__all__ = ["Import", "ImportChunk", "RejectedCell", "SavedMapping"]
