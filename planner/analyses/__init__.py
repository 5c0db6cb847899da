"""Questions put to a result: each is run, said and written."""
