"""Acts that a rule refused or the server could not bear: shown until somebody decides."""
