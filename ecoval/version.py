"""The version, alone in a module so that asking for it imports nothing."""

VERSION = "0.1.0"
