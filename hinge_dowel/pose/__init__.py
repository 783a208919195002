"""Person and silhouette from pictures: the pose model, person tracks, masking of others."""
