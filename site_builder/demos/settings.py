"""What mkdocs.yml says about demos: one validated model for the plugin, the build and the commands."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from site_builder.errors import ConfigError, Place


class DemosOptions(BaseModel):
    """Options of the ``demos`` plugin."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    python: Literal["native", "pyodide"] = "native"
    """What runs Python when the site is built: this machine's, or the one that readers have, under Node."""
    compare: bool = False
    """Run Python in both, and warn where they differ."""
    memory: int = Field(1024, ge=64, le=65_536)
    """What a demo may take when the site is built, in MiB."""
    distribution_url: str = Field("", pattern=r"^(?:https?://\S+/)?$")
    """Where the packages of Pyodide's distribution lie, such as numpy; by default its public host."""

    @classmethod
    def read(cls, options: object, place: Place | None = None) -> DemosOptions:
        """Validate the options. Raises ConfigError that names each bad option, its value and what is accepted."""
        try:
            return cls.model_validate(options or {})
        except ValidationError as error:
            lines = [
                f"demos option {'.'.join(map(str, one['loc'])) or 'mapping'}: {one['msg']} (found {one['input']!r})"
                for one in error.errors(include_url=False)
            ]
            hint = f"The demos plugin's options are: {', '.join(cls.model_fields)}."
            raise ConfigError("; ".join(lines), place=place, hint=hint) from None
