"""From a case to arrays: the only place where names become indices."""
