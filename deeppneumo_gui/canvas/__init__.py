"""The picture in the middle: radiograph, overlay, mouse."""
