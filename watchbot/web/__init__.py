"""Health for machines: /healthz and /readyz. Metrics and the status page come in part 7 and say so."""
