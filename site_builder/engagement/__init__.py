"""What readers do on a page: the events that say so, the hooks where it is noticed, and the manifest of what they are about."""
