"""The command line. One file a command; `main` joins them."""
