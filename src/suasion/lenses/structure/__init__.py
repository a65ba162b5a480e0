"""Which loops drive it, and who is powerful?"""
