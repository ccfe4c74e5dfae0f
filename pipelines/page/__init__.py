"""Page: what stands on a page: its text, its title, its dates, and what has to be left out."""
