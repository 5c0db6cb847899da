"""Results as files, reports and papers, and back."""
