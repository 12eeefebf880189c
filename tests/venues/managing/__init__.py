"""The pages of “Mon lycée”."""
