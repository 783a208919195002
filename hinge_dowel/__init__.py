"""hinge-dowel: the hip-hinge dowel without the wood."""
