"""What goes out to people and other systems: CAP drafts, the feed of closures. Nothing is sent from here."""
