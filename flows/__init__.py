"""The stages of an assessment as Prefect flows. Each run is one short visit to a case; none of them waits."""
