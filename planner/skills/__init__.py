"""The model of people: workers that an investment needs, who can reach it, what is short, and how it could be filled."""
