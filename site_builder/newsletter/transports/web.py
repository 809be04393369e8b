"""Asking a service over HTTPS, and telling what it took from what it may have taken."""

from __future__ import annotations

from typing import Any

import httpx

from site_builder.errors import SendingError
from site_builder.newsletter.transports.receipt import Receipt, Unreachable, one_line


class Service:
    """A service's HTTP interface. Redirects are not followed: they would take the key elsewhere."""

    def __init__(self, name: str, url: str, authorization: str, variables: str, timeout: float) -> None:
        self.name, self.variables = name, variables
        self._client = httpx.Client(base_url=url, headers={"Authorization": authorization}, timeout=timeout)

    def ask(self, path: str, **parameters: str | int) -> Any:
        """The JSON at ``path``. Raises Unreachable, or SendingError if the service refuses."""
        try:
            answer = self._client.get(path, params=parameters)
        except httpx.HTTPError as error:
            raise Unreachable(f"{self.name} can't be reached: {type(error).__name__}") from None
        if answer.status_code >= 500 or answer.status_code == 429:
            raise Unreachable(f"{self.name} is not well: {answer.status_code}")
        if answer.status_code != 200:
            raise self.refused(answer)
        try:
            return answer.json()
        except (ValueError, RecursionError):
            raise SendingError(f"{self.name} did not answer with JSON", hint="Is its address right?") from None

    def tell(self, method: str, path: str, content: dict[str, Any]) -> Any | Receipt:
        """What the service answers to a request that changes something; a Receipt if it did not take it, or may have.

        Raises Unreachable if there was no connection, so that it can't have heard of it.
        """
        try:
            answer = self._client.request(method, path, json=content)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise Unreachable(f"{self.name} can't be reached: {type(error).__name__}") from None
        except httpx.HTTPError as error:
            return Receipt("unknown", f"the connection to {self.name} was lost: {type(error).__name__}")
        if answer.status_code in (401, 403):
            raise self.refused(answer)
        if answer.status_code == 429:
            return Receipt("later", _said(answer))
        if answer.status_code >= 500:
            return Receipt("unknown", _said(answer))
        if answer.status_code not in (200, 201):
            return Receipt("refused", _said(answer))
        try:
            return answer.json()
        except ValueError:
            return Receipt("unknown", f"{self.name} did not answer with JSON")

    def refused(self, answer: httpx.Response) -> SendingError:
        """Why the service lets nobody in, without what was to open it."""
        if answer.status_code in (401, 403):
            return SendingError(
                f"{self.name} does not accept the key ({answer.status_code})", hint=f"It comes from {self.variables}."
            )
        return SendingError(
            f"{self.name} refuses: {_said(answer)}", hint="Are its address and the ids in mkdocs.yml right?"
        )

    def close(self) -> None:
        self._client.close()


def _said(answer: httpx.Response) -> str:
    return f"{answer.status_code} {one_line(answer.text)}"
