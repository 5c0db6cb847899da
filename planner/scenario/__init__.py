"""What is asked: profiles, criteria, gates, weights, merged and bound."""
