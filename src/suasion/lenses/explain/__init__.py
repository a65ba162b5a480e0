"""Why did this actor do that; why did this variable move; why did this phase come?"""
