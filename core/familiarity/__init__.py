"""What the model knows: how far an image lies from its training images, and what is wrong with it if far."""
