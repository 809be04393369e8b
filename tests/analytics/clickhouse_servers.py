"""Real ClickHouse servers on loopback, where Debian's packages `clickhouse-server` and `zookeeper` are installed."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from tests.ports import free_ports

SERVER = shutil.which("clickhouse-server")
JAVA = shutil.which("java")
JARS = sorted(
    str(path)
    for name in ("zookeeper", "slf4j-api", "netty", "jackson", "log4j-1.2", "commons", "snappy")
    for path in Path("/usr/share/java").glob(f"{name}*.jar")
)
ZOOKEEPER = JAVA and any("zookeeper" in path for path in JARS)
CLUSTER = "both"
SECONDS = 60.0

USERS = """<yandex><profiles><default/></profiles><quotas><default/></quotas><users><default><password></password>
<networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users></yandex>"""
CONFIG = """<yandex><logger><level>error</level><log>{folder}/log</log><errorlog>{folder}/errors</errorlog></logger>
<listen_host>127.0.0.1</listen_host><http_port>{http}</http_port><tcp_port>{tcp}</tcp_port>
<interserver_http_port>{between}</interserver_http_port><interserver_http_host>127.0.0.1</interserver_http_host>
<path>{folder}/data/</path><tmp_path>{folder}/tmp/</tmp_path><user_files_path>{folder}/files/</user_files_path>
<format_schema_path>{folder}/schemas/</format_schema_path><mark_cache_size>100000000</mark_cache_size>
<users_config>users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database>
<macros><replica>{http}</replica></macros><zookeeper><node><host>127.0.0.1</host><port>{zookeeper}</port></node></zookeeper>
<distributed_ddl><path>/clickhouse/ddl</path></distributed_ddl><remote_servers><{cluster}><shard>
<internal_replication>true</internal_replication>{replicas}</shard></{cluster}></remote_servers></yandex>"""
REPLICA = "<replica><host>127.0.0.1</host><port>{}</port></replica>"


@contextmanager
def servers(folder: Path, count: int = 1) -> Iterator[list[str]]:
    """So many servers, as host and port of their HTTP; more than one are replicas of each other, held together by ZooKeeper."""
    ports = free_ports(count * 3 + 1)
    ways = [ports[at : at + 3] for at in range(0, count * 3, 3)]
    replicas = "".join(REPLICA.format(tcp) for _, tcp, _ in ways)
    with ExitStack() as running:
        if count > 1:
            running.enter_context(zookeeper(folder / "zookeeper", ports[-1]))
        for number, (http, tcp, between) in enumerate(ways):
            home = folder / f"server-{number}"
            for name in ("data", "tmp", "files", "schemas"):
                (home / name).mkdir(parents=True)
            (home / "users.xml").write_text(USERS)
            (home / "config.xml").write_text(
                CONFIG.format(
                    folder=home,
                    http=http,
                    tcp=tcp,
                    between=between,
                    zookeeper=ports[-1],
                    cluster=CLUSTER,
                    replicas=replicas,
                )
            )
            assert SERVER
            running.enter_context(process([SERVER, f"--config-file={home}/config.xml"], http))
        yield [f"127.0.0.1:{http}" for http, _, _ in ways]


def ask(at: str, sql: str) -> str:
    """A server's answer, past the store."""
    return httpx.post(f"http://{at}/", content=sql.encode(), timeout=SECONDS).text.strip()


@contextmanager
def zookeeper(folder: Path, port: int) -> Iterator[None]:
    folder.mkdir(parents=True)
    (folder / "zoo.cfg").write_text(
        f"tickTime=500\ndataDir={folder}/data\nclientPort={port}\nclientPortAddress=127.0.0.1\nadmin.enableServer=false\n"
    )
    assert JAVA
    main = "org.apache.zookeeper.server.quorum.QuorumPeerMain"
    with process([JAVA, "-Xmx64m", "-cp", ":".join(JARS), main, str(folder / "zoo.cfg")], port):
        yield


@contextmanager
def process(command: list[str], port: int) -> Iterator[None]:
    """A program that runs until the end of the block; it begins when its port takes connections."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            until = time.monotonic() + SECONDS
            while not listens(port):
                assert running.poll() is None and time.monotonic() < until, f"{command[0]} does not start"
                time.sleep(0.05)
            yield
        finally:
            running.kill()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
