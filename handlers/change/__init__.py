"""One change the desk makes by conversation: asked, explained with a reason, shown, confirmed."""
