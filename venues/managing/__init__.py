"""The pages of “Mon lycée”: what its managers set up themselves."""
