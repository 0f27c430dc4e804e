"""What belongs together: canonical addresses, identity keys, and stories."""
