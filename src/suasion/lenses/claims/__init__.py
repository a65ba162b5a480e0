"""Does the model say what its sources say?"""
