"""What should this actor do?"""
