"""web: pages in the browser, a folder for each app."""
