"""One change the desk makes in a dialogue: asked, given a reason, shown, confirmed."""
