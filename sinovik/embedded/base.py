"""Django's PostgreSQL backend on the embedded server: HOST is the folder of the cluster.

The server starts at the first connection, so that importing settings, linting or type checking start nothing.
"""

from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.client import DatabaseClient as PostgresClient

from sinovik.embedded import postgres


class DatabaseClient(PostgresClient):
    """`manage.py dbshell` with the psql that comes along."""

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        address = postgres.of(settings_dict).address(settings_dict["NAME"])
        known = {name.upper(): value for name, value in address.items()}
        arguments, env = super().settings_to_cmd_args_env({**settings_dict, **known}, parameters)
        return [str(postgres.installed_binaries() / "psql"), *arguments[1:]], env


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        return {**params, **postgres.of(self.settings_dict).address(self.settings_dict["NAME"])}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except self.Database.OperationalError:
            own = postgres.of(self.settings_dict)
            own.revive()
            own.address(self.settings_dict["NAME"])
            return super().get_new_connection(conn_params)
