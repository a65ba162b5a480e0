"""What happens next: phases, outcomes, courses, leverage?"""
