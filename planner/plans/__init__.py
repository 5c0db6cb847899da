"""Plan papers as work: what each asks for, the plan itself as one file, its figures to watch, and the schemes that fit it."""
