"""What would have to be true for the answer to change?"""
