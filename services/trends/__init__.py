"""Distinct events per window: pure counting in `windows`, `record`, `counting` and `bursts`; the Faust app in `app`."""
