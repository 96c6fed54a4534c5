"""Every metric is explained to the operator."""

from pathlib import Path

from prometheus_client.metrics import MetricWrapperBase

from connectors.gateway import metrics

OPERATIONS = Path(__file__).parents[3] / "docs" / "operations.md"


def test_every_metric_is_explained_to_the_operator_and_none_that_is_not() -> None:
    kept = {metric._name for metric in vars(metrics).values() if isinstance(metric, MetricWrapperBase)}
    rows = [line.split("`")[1] for line in OPERATIONS.read_text().splitlines() if line.startswith("| `frontdesk_")]
    explained = {name.partition("{")[0].removesuffix("_total") for name in rows}
    assert explained == kept
