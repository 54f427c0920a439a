"""From one state of a prefix to another, or back: plan, fetch, extract, link, journal."""
