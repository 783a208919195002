"""Files of keypoints from other programs, as arrays to judge."""
