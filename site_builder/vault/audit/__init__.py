"""The leak audit: nothing premium or secret stands in what would be published, in whatever form."""

from site_builder.vault.audit.gate import audit
from site_builder.vault.audit.premium import PremiumFile, PremiumText
from site_builder.vault.audit.public import texts_of
from site_builder.vault.audit.report import AuditReport, Leak, require_clean
from site_builder.vault.audit.secret_folders import SecretFolder

__all__ = ["AuditReport", "Leak", "PremiumFile", "PremiumText", "SecretFolder", "audit", "require_clean", "texts_of"]
