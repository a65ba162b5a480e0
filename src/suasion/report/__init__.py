"""Tables, figures and pages made of findings."""
