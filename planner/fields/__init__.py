"""Strategic fields: what each is, its value chain, what an area already does of it, on whom it depends, and what an investment ripples."""
