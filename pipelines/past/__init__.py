"""Past: what a site's answers say of the articles of a window of the past."""
