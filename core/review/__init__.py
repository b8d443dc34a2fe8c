"""Results and judgements for others: workbooks, reports and contact sheets."""
