"""The list of cases: model, proxy, delegate, panel."""
