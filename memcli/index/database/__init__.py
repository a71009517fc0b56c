"""The index as it is opened: updates, views with candidates laid over, scores of other trees."""
