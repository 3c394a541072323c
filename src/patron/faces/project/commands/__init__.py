"""Commands of the server, one file each; faces/cli/commands.py names them without importing them."""
