"""The one way a file is opened, decoded, bounded and written."""
