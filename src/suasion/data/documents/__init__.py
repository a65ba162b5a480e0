"""Documents read into numbered paragraphs, known again by their words, kept in the user's own folder."""
