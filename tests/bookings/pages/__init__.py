"""The pages of the main job."""
