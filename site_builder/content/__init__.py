"""Posts and pages: front matter, the one access policy, splitting at the gate. Knows no other room."""
