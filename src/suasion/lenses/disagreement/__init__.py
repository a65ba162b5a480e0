"""Where do game, network and dynamics differ, and over what?"""
