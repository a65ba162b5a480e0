"""What do we not know, and what of it matters?"""
