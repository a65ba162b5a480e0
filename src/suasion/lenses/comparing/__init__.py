"""What changes if …, and what turns on rival readings?"""
