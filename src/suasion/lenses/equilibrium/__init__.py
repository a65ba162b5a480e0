"""What is stable if everybody is strategic?"""
