"""Demo: a bundled imitation of three news sites, crawled for real."""
