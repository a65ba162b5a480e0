"""What rests on which passage, and what on an assumption?"""
