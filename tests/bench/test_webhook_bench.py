"""`serve` and pgbench are driven once."""

from tests.bench.webhook import lines
from tests.support import postgres


def test_webhooks_are_measured_beside_pgbench(postgres_server: postgres.Server) -> None:
    pgbench, serve = lines(postgres_server, surveys=4, processes=[1], turns_open=2)
    assert float(pgbench.split()[-1]) > 0
    assert len(serve.split()) == 8
    assert all(float(figure) >= 0 for figure in serve.split()[2:])
